import { Buffer } from "./buffer.js";

/*
 * In place of mqtt-packet's own numbers.js. Its cache of 65,536 Buffers would take 9 MB on XS; and the writer keeps
 * every length it has ever written, in a second cache that cannot be switched off. So a Variable Byte Integer leaves
 * here packed into a plain number, the complement of its value: always negative, hence never mistaken for "not cached",
 * and a number takes no memory of its own. The codec's gathering stream and `Buffer.byteLength` unpack it.
 */

/** Stays empty: the cache is off. */
export const cache: readonly Uint8Array[] = Object.freeze([]);

/** Nothing to fill: the cache is off. */
export function generateCache(): void {}

/** A Two Byte Integer (MQTT 5 §1.5.2). */
export function generateNumber(value: number): Buffer {
	const bytes = new Buffer(2);
	bytes[0] = value >> 8;
	bytes[1] = value;
	return bytes;
}

/** A Variable Byte Integer (MQTT 5 §1.5.5), packed as said above. */
export function genBufVariableByteInt(value: number): number {
	return ~value;
}

/** A Four Byte Integer (MQTT 5 §1.5.3). */
export function generate4ByteBuffer(value: number): Buffer {
	const bytes = new Buffer(4);
	bytes.writeUInt32BE(value, 0);
	return bytes;
}
