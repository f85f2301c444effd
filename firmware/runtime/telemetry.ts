import type { Device } from "../model/device.js";
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

	constructor(device: Device, writer: DocumentWriter) {
		this.writer = writer;
		this.device = device;
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
		const { names } = this.device;
		this.count = 0;
		writer.begin();
		writer.object(backlog > 0 ? 3 : 2);
		writer.name(names.boot);
		writer.integer(boot);
		if (backlog > 0) {
			writer.name(names.backlog);
			writer.integer(backlog);
		}
		writer.name(names.samples);
		writer.array();
	}

	/**
	 * Adds one sample of the sensor `partIndex`, whose values are `numbers[at]` and following. `timeMs` is milliseconds
	 * since 1970, or undefined when nobody knows. False when it does not fit: then the batch is as it was, and full.
	 */
	add(seq: number, timeMs: number | undefined, partIndex: number, numbers: Float64Array, at: number): boolean {
		const { writer } = this;
		const { names, parts } = this.device;
		const valueNames = names.byPart[partIndex];
		const decimals = parts[partIndex]?.valueDecimals;
		if (valueNames === undefined || decimals === undefined) return true; // no such part: there is nothing to tell
		writer.mark();
		writer.object(3);
		writer.name(names.seq);
		writer.integer(seq);
		writer.name(names.time);
		if (timeMs === undefined) writer.nothing();
		else writer.integer(timeMs);
		writer.name(names.values);
		writer.object(valueNames.length);
		this.addValues(valueNames, decimals, numbers, at);
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

	private addValues(
		names: readonly PreparedName[],
		decimals: readonly number[],
		numbers: Float64Array,
		at: number,
	): void {
		const { writer } = this;
		for (let i = 0; i < names.length; i++) {
			writer.name(names[i] as PreparedName);
			writer.number(numbers[at + i] as number, decimals[i] as number);
		}
	}
}
