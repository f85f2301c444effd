import type { Device, Part } from "../model/device.js";
import type { DocumentWriter, PreparedName } from "../model/document.js";
import type { Text } from "../ports/text.js";
import type { Samples } from "./samples.js";
import { timeOf } from "./time.js";

const CLOSING_BYTES = 4; // what a batch needs beyond its last sample: `]}`
const EMPTY_BATCH_BYTES = 128; // a batch with one sample of no values, and every number in it as long as can be
const VALUE_BYTES = 32; // a value with its comma, its quotation marks and its colon

/** Room for a document: in the session's largest packet its topic and properties find room beside it. */
const DOCUMENT_BYTES = 1_024;

/** A writer in the device's encoding, with room for a batch of at least one sample of any sensor. */
export function documentWriter({ parts, encoding }: Device, text: Text): DocumentWriter {
	let bytes = DOCUMENT_BYTES;
	for (const { valueIds } of parts) {
		bytes = Math.max(
			bytes,
			valueIds.reduce((sum, id) => sum + VALUE_BYTES + 3 * id.length, EMPTY_BATCH_BYTES),
		);
	}
	return encoding.writer(bytes, text);
}

/** Writes batches of samples, in the encoding of its writer. */
export class TelemetryWriter {
	/** Samples in the batch. */
	count = 0;
	private readonly writer: DocumentWriter;
	private readonly device: Device;
	private readonly text: Text;
	/** The names of members and of values, by part, prepared once. */
	private readonly boot: PreparedName;
	private readonly samples: PreparedName;
	private readonly seq: PreparedName;
	private readonly time: PreparedName;
	private readonly values: PreparedName;
	private readonly valueNames: readonly (readonly PreparedName[])[];
	private readonly decimals: readonly Uint8Array[];

	constructor(device: Device, writer: DocumentWriter, text: Text) {
		const name = (id: string) => device.encoding.name(id, text);
		this.writer = writer;
		this.device = device;
		this.text = text;
		this.boot = name("boot");
		this.samples = name("samples");
		this.seq = name("seq");
		this.time = name("time");
		this.values = name("values");
		this.valueNames = device.parts.map(({ valueIds }) => valueIds.map(name));
		this.decimals = device.parts.map(decimalsOf);
	}

	/**
	 * Puts the oldest of `samples` into a batch, as many as fit. Returns how many. `backlog` is how many wait in flash, these
	 * included, when they come from there and behind newer ones; otherwise 0.
	 */
	fill(samples: Samples, backlog: number): number {
		this.begin(samples.boot, backlog);
		for (let i = 0; i < samples.count; i++) {
			const timeMs = timeOf(samples.originMs, samples.atMs(i));
			const at = samples.valuesAt(i);
			if (!this.add(samples.firstSeq + i, timeMs, samples.partIndex(i), samples.numbers, at)) return i;
		}
		return samples.count;
	}

	/** Begins a batch of samples that were taken in start number `boot` of the device. */
	begin(boot: number, backlog: number): void {
		const { writer } = this;
		this.count = 0;
		writer.begin();
		writer.object(backlog > 0 ? 3 : 2);
		writer.name(this.boot);
		writer.integer(boot);
		if (backlog > 0) {
			writer.name(this.device.encoding.name("backlog", this.text)); // seldom: not worth keeping in memory
			writer.integer(backlog);
		}
		writer.name(this.samples);
		writer.array();
	}

	/**
	 * Adds one sample of the sensor `partIndex`, whose values are `numbers[at]` and following. `timeMs` is milliseconds
	 * since 1970, or undefined when nobody knows. False when it does not fit: then the batch is as it was, and full.
	 */
	add(seq: number, timeMs: number | undefined, partIndex: number, numbers: Float64Array, at: number): boolean {
		const { writer } = this;
		const names = this.valueNames[partIndex];
		const decimals = this.decimals[partIndex];
		if (names === undefined || decimals === undefined) return true; // no such part: there is nothing to tell
		writer.mark();
		writer.object(3);
		writer.name(this.seq);
		writer.integer(seq);
		writer.name(this.time);
		if (timeMs === undefined) writer.nothing();
		else writer.integer(timeMs);
		writer.name(this.values);
		writer.object(names.length);
		this.addValues(names, decimals, numbers, at);
		writer.endObject();
		writer.endObject();
		if (writer.length + CLOSING_BYTES > writer.room) {
			writer.rewind();
			return false;
		}
		this.count++;
		return true;
	}

	/** The batch, lent until the writer is used again. */
	end(): string | Uint8Array {
		const { writer } = this;
		writer.endArray(this.count);
		writer.endObject();
		return writer.written();
	}

	private addValues(names: readonly PreparedName[], decimals: Uint8Array, numbers: Float64Array, at: number): void {
		const { writer } = this;
		for (let i = 0; i < names.length; i++) {
			writer.name(names[i] as PreparedName);
			writer.number(numbers[at + i] as number, decimals[i] as number);
		}
	}
}

/** Decimals of each value of a sensor; none for other kinds. */
function decimalsOf({ definition, measureKeys }: Part): Uint8Array {
	if (definition.kind !== "sensor") return new Uint8Array(0);
	const { measures } = definition;
	return Uint8Array.from(measureKeys, (key) => measures[key]?.decimals ?? 0);
}
