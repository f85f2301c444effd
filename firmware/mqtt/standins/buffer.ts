import { varintSize } from "../varint.js";
import { currentText } from "./text.js";

/**
 * What mqtt-packet uses of Node's Buffer: `from(array)`, `alloc`, `allocUnsafe`, `isBuffer`, `byteLength`, `subarray`,
 * `writeUInt8`, `writeUInt32BE`. `from` and `subarray` are Uint8Array's own, which make a Buffer when called on one.
 */
export class Buffer extends Uint8Array {
	static alloc(size: number): Buffer {
		return new Buffer(size);
	}

	static allocUnsafe(size: number): Buffer {
		return new Buffer(size);
	}

	static isBuffer(value: unknown): boolean {
		return value instanceof Buffer;
	}

	/** Bytes of a string in UTF-8, of a view, or of a packed number (see numbers.ts). */
	static byteLength(value: string | number | { byteLength: number }): number {
		if (typeof value === "string") return currentText().encode(value).length;
		if (typeof value === "number") return varintSize(~value);
		return value.byteLength;
	}

	writeUInt8(value: number, offset: number): number {
		this[offset] = value;
		return offset + 1;
	}

	writeUInt32BE(value: number, offset: number): number {
		this[offset] = value >>> 24;
		this[offset + 1] = value >>> 16;
		this[offset + 2] = value >>> 8;
		this[offset + 3] = value;
		return offset + 4;
	}
}
