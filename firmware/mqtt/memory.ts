import { HEAD_BYTES_MAX } from "./head.js";

/*
 * The bytes that a session works with lie in one block, since every block, and every view of one, costs slots of memory:
 * the packet that goes out, acknowledgements that wait for room, the heads of two messages, the packet that comes in.
 */

/** Acknowledgements that wait for room, at most 6 bytes each, and a PINGREQ. */
export const CONTROL_BYTES = 6 * 40 + 2;
/** A first byte and a length of at most 4 (MQTT 5 §2.1). */
const HEADER_MAX = 5;

/** One block for packets of these sizes. */
export function sessionMemory(sendBytesMax: number, receiveBytesMax: number): Uint8Array {
	return new Uint8Array(incomingAt(sendBytesMax) + Math.max(receiveBytesMax, HEADER_MAX));
}

/** Where acknowledgements wait, behind packets of at most `sendBytesMax` bytes. */
export function controlAt(sendBytesMax: number): number {
	return sendBytesMax;
}

/** Where the first of the two heads lies; the second follows HEAD_BYTES_MAX bytes later. */
export function headsAt(sendBytesMax: number): number {
	return sendBytesMax + CONTROL_BYTES;
}

/** Where a packet that comes in several chunks is put together; up to the end of the block. */
export function incomingAt(sendBytesMax: number): number {
	return headsAt(sendBytesMax) + 2 * HEAD_BYTES_MAX;
}
