import type { Text } from "../../../firmware/ports/text.js";

/** What XS gives its programs here; the chip has `ArrayBuffer.fromString` and `String.fromArrayBuffer` instead. */
interface Native {
	readonly TextEncoder: new () => {
		encode(text: string): Uint8Array;
		encodeInto(text: string, into: Uint8Array): { read: number; written: number };
	};
	readonly TextDecoder: new (
		label: string,
		options: { fatal: boolean; ignoreBOM: boolean },
	) => { decode(bytes: Uint8Array): string };
}

/** UTF-8 done natively, as on the chip: written in JavaScript it would be most of what a message costs. */
export function nativeText(): Text {
	const { TextEncoder, TextDecoder } = globalThis as unknown as Native;
	const encoder = new TextEncoder();
	const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
	return {
		encode: (text) => encoder.encode(text),
		write(text, into, at) {
			const { read, written } = encoder.encodeInto(text, into.subarray(at));
			return read === text.length ? written : -1;
		},
		decode: (bytes, start, end) => decoder.decode(bytes.subarray(start, end)),
	};
}
