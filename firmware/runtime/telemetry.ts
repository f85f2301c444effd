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

/**
 * Writes the oldest of `samples` as a batch, as many as fit, in the encoding of `writer`. Returns how many.
 * @param backlog how many wait in flash, these included, when they come from there and behind newer ones; otherwise 0.
 */
export function writeBatch(writer: DocumentWriter, device: Device, samples: Samples, backlog: number): number {
	beginBatch(writer, device, samples.boot, backlog);
	let count = 0;
	while (count < samples.count) {
		const timeMs = timeOf(samples.originMs, samples.atMs(count));
		const at = samples.valuesAt(count);
		const part = samples.partIndex(count);
		if (!addSample(writer, device, samples.firstSeq + count, timeMs, part, samples.numbers, at)) break;
		count++;
	}
	endBatch(writer, count);
	return count;
}

/** Begins a batch of samples that were taken in start number `boot` of the device. */
export function beginBatch(writer: DocumentWriter, { names }: Device, boot: number, backlog: number): void {
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
 * Adds one sample of the sensor `partIndex`, whose values are `numbers[at]` and following. `timeMs` is milliseconds since
 * 1970, or undefined when nobody knows. False when it does not fit: then the batch is as it was, and full.
 */
export function addSample(
	writer: DocumentWriter,
	{ names, parts }: Device,
	seq: number,
	timeMs: number | undefined,
	partIndex: number,
	numbers: Float64Array,
	at: number,
): boolean {
	const valueNames = names.byPart[partIndex] as readonly PreparedName[];
	const decimals = (parts[partIndex] as Part).valueDecimals;
	writer.mark();
	writer.object(3);
	writer.name(names.seq);
	writer.integer(seq);
	writer.name(names.time);
	if (timeMs === undefined) writer.nothing();
	else writer.integer(timeMs);
	writer.name(names.values);
	writer.object(valueNames.length);
	addValues(writer, valueNames, decimals, numbers, at);
	writer.endObject();
	writer.endObject();
	if (writer.length + CLOSING_BYTES <= writer.room) return true;
	writer.rewind();
	return false;
}

/** Ends a batch of `count` samples: `writer.written()` is the whole. */
export function endBatch(writer: DocumentWriter, count: number): void {
	writer.endArray(count);
	writer.endObject();
}

function addValues(
	writer: DocumentWriter,
	names: readonly PreparedName[],
	decimals: readonly number[],
	numbers: Float64Array,
	at: number,
): void {
	for (let i = 0; i < names.length; i++) {
		writer.name(names[i] as PreparedName);
		writer.number(numbers[at + i] as number, decimals[i] as number);
	}
}
