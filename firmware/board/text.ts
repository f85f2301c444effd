import TextEncoder from "text/encoder";
import type { Text } from "../ports/text.js";

/** A character takes no more bytes than this. */
const CHARACTER_BYTES_MAX = 4;

const encoder: TextEncoder = Object.freeze(new TextEncoder());
const NOTHING: Uint8Array = new Uint8Array(0);

/** Where the last text went: the next one often goes there as well. */
let into: Uint8Array = NOTHING;
let at = 0;
/** What is behind that place, and how many bytes that is. */
let view: Uint8Array = NOTHING;
let room = 0;

function aim(bytes: Uint8Array, start: number): void {
	into = bytes;
	at = start;
	room = bytes.length - start;
	view = start === 0 ? bytes : bytes.subarray(start);
}

/** UTF-8 through the engine's own conversions. */
export const nativeText: Text = Object.freeze<Text>({
	encode(text) {
		return new Uint8Array(ArrayBuffer.fromString(text));
	},
	write(text, bytes, start) {
		if (bytes !== into || start !== at) aim(bytes, start);
		const told = encoder.encodeInto(text, view);
		const written = told.written;
		// With room for one more character it has stopped only because there was none: counting them takes longer.
		if (written + CHARACTER_BYTES_MAX <= room) return written;
		return room >= 0 && told.read === text.length ? written : -1;
	},
	decode(bytes, start, end) {
		const from = bytes.byteOffset;
		return String.fromArrayBuffer(bytes.buffer.slice(from + start, from + end) as ArrayBuffer);
	},
});
