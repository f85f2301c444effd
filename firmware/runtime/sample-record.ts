import type { Device, Part } from "../model/device.js";
import type { SensorDefinition } from "../model/sensor.js";
import { PAYLOAD_BYTES_MAX } from "./journal/layout.js";
import type { Packer, Unpacker } from "./packing.js";
import type { Samples } from "./samples.js";

// How samples lie in flash: whatever is written on the wire can be made of it, and it is a tenth of that.
//   record  device 4 (see deviceMark), boot, sequence number of the first sample, monotonic time of the first, time at
//           which that clock stood at 0, or 0 for unknown; then each sample
//   sample  part 1, milliseconds since the sample before, values
//   value   0 and a double, or what the value is in its last decimal, doubled, one more where it is negative, plus 1
// All whole numbers as Packer writes them. A sample of a BME280 takes 11 bytes.
const WHOLE_MAX = 2 ** 51;

/** Most samples in one record. */
export const RECORD_SAMPLES_MAX = 32;

/** Tells devices apart whose samples mean different things: by names and decimals of all that is measured. */
export function deviceMark({ parts }: Device): number {
	let mark = 0x811c9dc5; // FNV-1a, 32 bits
	for (const part of parts) {
		for (let i = 0; i < part.valueIds.length; i++) mark = hash(mark, `${part.valueIds[i]}/${decimals(part, i)};`);
	}
	return mark;
}

function hash(mark: number, text: string): number {
	let next = mark;
	for (let i = 0; i < text.length; i++) next = Math.imul(next ^ text.charCodeAt(i), 0x01000193) >>> 0;
	return next;
}

function decimals(part: Part, offset: number): number {
	const { measures } = part.definition as SensorDefinition;
	return measures[part.measureKeys[offset] as string]?.decimals ?? 0;
}

/** Writes as many samples as one record takes, from the oldest on. Returns how many; what they take is in `packer`. */
export function writeSamples(samples: Samples, device: Device, mark: number, packer: Packer): number {
	for (let count = Math.min(samples.count, RECORD_SAMPLES_MAX); count > 0; count >>= 1) {
		write(samples, device, mark, count, packer);
		if (packer.fits && packer.length <= PAYLOAD_BYTES_MAX) return count;
	}
	return 0;
}

function write(samples: Samples, device: Device, mark: number, count: number, packer: Packer): void {
	packer.length = 0;
	packer.whole(mark);
	packer.whole(samples.boot);
	packer.whole(samples.firstSeq);
	packer.whole(samples.atMs(0));
	packer.whole(samples.originMs === undefined ? 0 : Math.round(samples.originMs));
	for (let i = 0; i < count; i++) {
		const part = device.parts[samples.partIndex(i)] as Part;
		const at = samples.valuesAt(i);
		packer.whole(samples.partIndex(i));
		packer.whole(i === 0 ? 0 : Math.max(0, samples.atMs(i) - samples.atMs(i - 1)));
		for (let j = 0; j < part.valueIds.length; j++) {
			writeValue(packer, samples.numbers[at + j] as number, decimals(part, j));
		}
	}
}

function writeValue(packer: Packer, value: number, places: number): void {
	const scaled = Math.round(value * 10 ** places);
	if (Math.abs(scaled) <= WHOLE_MAX) {
		packer.whole((scaled < 0 ? -2 * scaled + 1 : 2 * scaled) + 1);
		return;
	}
	packer.whole(0);
	packer.double(value);
}

/**
 * Reads a record into `samples`, in place of what was there. Returns false when it holds no samples of
 * this device: after an update to one that measures something else, say.
 */
export function readSamples(samples: Samples, device: Device, mark: number, unpacker: Unpacker): boolean {
	samples.release(samples.count);
	if (unpacker.whole() !== mark) return false;
	samples.boot = unpacker.whole();
	samples.firstSeq = unpacker.whole();
	let atMs = unpacker.whole();
	samples.originMs = unpacker.whole() || undefined;
	while (!unpacker.isDone) {
		const partIndex = unpacker.whole();
		const part = device.parts[partIndex];
		if (part === undefined || samples.isFull) return false;
		atMs += unpacker.whole();
		samples.put(partIndex, atMs, readValues(unpacker, part));
		if (unpacker.isOver) return false;
	}
	return samples.count > 0;
}

function readValues(unpacker: Unpacker, part: Part): number[] {
	const values: number[] = [];
	for (let i = 0; i < part.valueIds.length; i++) values.push(readValue(unpacker, decimals(part, i)));
	return values;
}

function readValue(unpacker: Unpacker, places: number): number {
	const packed = unpacker.whole() - 1;
	if (packed < 0) return unpacker.double();
	const scaled = packed % 2 === 0 ? packed / 2 : -(packed - 1) / 2;
	return scaled / 10 ** places;
}
