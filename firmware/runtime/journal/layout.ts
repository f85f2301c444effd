import { crc32 } from "./crc32.js";

// How the journal lies in flash; all numbers little-endian. A segment is a header and then records.
//   header  magic 4 (it tells the lane, too), sequence number of the segment 4, items appended to the lane before it 4,
//           items dropped of each lane 4 + 4, sequence number of the oldest segment still in use of each lane 4 + 4,
//           CRC-32 of all before it 4
//   record  payload length 2, items 1, released 1, payload, CRC-32 of all before it 4. `released` is 0xff until the
//           record is released, and counts as 0xff in the CRC: it can be cleared where it stands, without an erase.
// A record without items tells how many items of each lane were dropped, 4 + 4.
const MAGIC = 0x504e5246; // "FRNP"
export const LANES = 2;
export const HEADER_BYTES = 32;
const HEAD_BYTES = 4;
const CRC_BYTES = 4;
const RELEASED_AT = 3;
const UNTOUCHED = 0xff;

/** What a record takes beside its payload. */
export const RECORD_OVERHEAD = HEAD_BYTES + CRC_BYTES;
/** Where the payload begins in a record. */
export const PAYLOAD_AT = HEAD_BYTES;
/** Most bytes that one record can carry. */
export const PAYLOAD_BYTES_MAX = 1_024;
export const RECORD_BYTES_MAX = PAYLOAD_BYTES_MAX + RECORD_OVERHEAD;
/** Most items in one record. */
export const ITEMS_MAX = 255;

function putUint16(bytes: Uint8Array, at: number, value: number): void {
	bytes[at] = value & 0xff;
	bytes[at + 1] = value >>> 8;
}

function getUint16(bytes: Uint8Array, at: number): number {
	return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

/** Writes an unsigned number of 32 bits. */
export function putUint32(bytes: Uint8Array, at: number, value: number): void {
	putUint16(bytes, at, value & 0xffff);
	putUint16(bytes, at + 2, value >>> 16);
}

/** Reads an unsigned number of 32 bits. */
export function getUint32(bytes: Uint8Array, at: number): number {
	return getUint16(bytes, at) + getUint16(bytes, at + 2) * 0x1_0000;
}

/** What a header says. */
export interface Header {
	readonly lane: number;
	readonly sequence: number;
	readonly appended: number;
	/** By lane. */
	readonly dropped: readonly number[];
	readonly kept: readonly number[];
}

/** The bytes of a header. */
export function headerBytes({ lane, sequence, appended, dropped, kept }: Header): Uint8Array {
	const bytes = new Uint8Array(HEADER_BYTES);
	putUint32(bytes, 0, MAGIC + lane);
	putUint32(bytes, 4, sequence);
	putUint32(bytes, 8, appended);
	for (let i = 0; i < LANES; i++) {
		putUint32(bytes, 12 + 4 * i, dropped[i] ?? 0);
		putUint32(bytes, 20 + 4 * i, kept[i] ?? 0);
	}
	putUint32(bytes, HEADER_BYTES - CRC_BYTES, crc32(bytes, 0, HEADER_BYTES - CRC_BYTES));
	return bytes;
}

/** What the header in `bytes` says, or undefined when there is none. */
export function readHeader(bytes: Uint8Array): Header | undefined {
	const lane = getUint32(bytes, 0) - MAGIC;
	if (lane < 0 || lane >= LANES) return undefined;
	const crc = getUint32(bytes, HEADER_BYTES - CRC_BYTES);
	if (crc !== crc32(bytes, 0, HEADER_BYTES - CRC_BYTES)) return undefined;
	return {
		lane,
		sequence: getUint32(bytes, 4),
		appended: getUint32(bytes, 8),
		dropped: readDropped(bytes, 12),
		kept: [getUint32(bytes, 20), getUint32(bytes, 24)],
	};
}

/** The counts of dropped items by lane, as a header and a record without items have them from `at` on. */
export function readDropped(bytes: Uint8Array, at: number): number[] {
	return [getUint32(bytes, at), getUint32(bytes, at + 4)];
}

/** The record of `payload[0..length)`, with this many items. */
export function recordBytes(payload: Uint8Array, length: number, items: number): Uint8Array {
	const bytes = new Uint8Array(length + RECORD_OVERHEAD);
	putUint16(bytes, 0, length);
	bytes[2] = items;
	bytes[RELEASED_AT] = UNTOUCHED;
	bytes.set(payload.subarray(0, length), PAYLOAD_AT);
	putUint32(bytes, length + HEAD_BYTES, crc32(bytes, 0, length + HEAD_BYTES));
	return bytes;
}

/** Length in all of the record that begins with these bytes; 0 for none. It need not be whole. */
export function recordLength(bytes: Uint8Array): number {
	const length = getUint16(bytes, 0);
	return length > PAYLOAD_BYTES_MAX ? 0 : length + RECORD_OVERHEAD;
}

/** How many items the record that begins with these bytes has. */
export function recordItems(bytes: Uint8Array): number {
	return bytes[2] as number;
}

/** Where a record is marked as released, from its beginning, and the byte that does it. */
export const RELEASE_MARK_AT = RELEASED_AT;
export const RELEASE_MARK = 0;

/** Also true for a mark that a power cut left half written. */
export function isReleased(bytes: Uint8Array): boolean {
	return bytes[RELEASED_AT] !== UNTOUCHED;
}

/** Whether `bytes[0..length)` is one record as it was written, released or not. */
export function isWhole(bytes: Uint8Array, length: number): boolean {
	const released = bytes[RELEASED_AT] as number;
	bytes[RELEASED_AT] = UNTOUCHED;
	const crc = crc32(bytes, 0, length - CRC_BYTES);
	bytes[RELEASED_AT] = released;
	return crc === getUint32(bytes, length - CRC_BYTES);
}
