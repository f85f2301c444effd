import type { Text } from "../ports/text.js";

/** UTF-8 through the engine's own conversions. */
export const nativeText: Text = Object.freeze<Text>({
	encode(text) {
		return new Uint8Array(ArrayBuffer.fromString(text));
	},
	write(text, into, at) {
		const bytes = new Uint8Array(ArrayBuffer.fromString(text));
		if (at + bytes.length > into.length) return -1;
		into.set(bytes, at);
		return bytes.length;
	},
	decode(bytes, start, end) {
		const from = bytes.byteOffset;
		return String.fromArrayBuffer(bytes.buffer.slice(from + start, from + end) as ArrayBuffer);
	},
});
