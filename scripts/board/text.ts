import type { Text } from "../../firmware/ports/text.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 as Node does it. */
export const pcText: Text = {
	encode: (text) => encoder.encode(text),
	write(text, into, at) {
		const { read, written } = encoder.encodeInto(text, into.subarray(at));
		return read === text.length ? written : -1;
	},
	decode: (bytes, start, end) => decoder.decode(bytes.subarray(start, end)),
};
