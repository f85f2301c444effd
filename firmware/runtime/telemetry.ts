import type { Device, Part } from "../model/device.js";
import type { DocumentWriter } from "../model/document.js";
import type { SensorDefinition } from "../model/sensor.js";
import type { Text } from "../ports/text.js";
import type { Samples } from "./samples.js";
import { timeOf } from "./time.js";

const CLOSING_BYTES = 4; // what a batch needs beyond its last sample: `]}`
const EMPTY_BATCH_BYTES = 128; // a batch with one sample of no values, and every number in it as long as can be
const VALUE_BYTES = 32; // a value with its comma, its quotation marks and its colon

/** Room for a document: in the session's largest packet its topic and properties find room beside it. */
const DOCUMENT_BYTES = 1_024;

/** A writer in the device's encoding over a block of its own, which every document but `about` fits into. */
export function documentWriter({ parts, encoding }: Device, text: Text): DocumentWriter {
	let bytes = DOCUMENT_BYTES;
	for (const { valueIds } of parts) {
		bytes = Math.max(
			bytes,
			valueIds.reduce((sum, id) => sum + VALUE_BYTES + 3 * id.length, EMPTY_BATCH_BYTES),
		);
	}
	return encoding.writer(new Uint8Array(bytes), text);
}

/** Writes batches of samples into the block of memory of `writer`, without making anything on the way. */
export class TelemetryWriter {
	/** Samples in the batch. */
	count = 0;
	private readonly writer: DocumentWriter;
	private readonly device: Device;
	private readonly text: Text;
	/** The names of members and of values, by part, prepared once. */
	private readonly boot: Uint8Array;
	private readonly samples: Uint8Array;
	private readonly seq: Uint8Array;
	private readonly time: Uint8Array;
	private readonly values: Uint8Array;
	private readonly valueNames: readonly (readonly Uint8Array[])[];

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
		const part = this.device.parts[partIndex];
		const names = this.valueNames[partIndex];
		if (part === undefined || names === undefined) return true; // no such part: there is nothing to tell
		const before = writer.length;
		writer.object(3);
		writer.name(this.seq);
		writer.integer(seq);
		writer.name(this.time);
		if (timeMs === undefined) writer.nothing();
		else writer.integer(timeMs);
		writer.name(this.values);
		writer.object(names.length);
		this.addValues(part, names, numbers, at);
		writer.endObject();
		writer.endObject();
		if (writer.length + CLOSING_BYTES > writer.bytes.length) {
			writer.rewind(before);
			return false;
		}
		this.count++;
		return true;
	}

	/** The batch, lent until the writer is used again. */
	end(): Uint8Array {
		const { writer } = this;
		writer.endArray(this.count);
		writer.endObject();
		return writer.written();
	}

	private addValues(part: Part, names: readonly Uint8Array[], numbers: Float64Array, at: number): void {
		const { measures } = part.definition as SensorDefinition;
		for (let i = 0; i < names.length; i++) {
			this.writer.name(names[i] as Uint8Array);
			this.writer.number(numbers[at + i] as number, measures[part.measureKeys[i] as string]?.decimals ?? 0);
		}
	}
}
