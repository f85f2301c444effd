/** UTF-8, done natively by each engine. */
export interface Text {
	encode(text: string): Uint8Array;
	/** Writes the UTF-8 of `text` into `into` from `at`; returns the bytes written, or -1 when they do not fit. */
	write(text: string, into: Uint8Array, at: number): number;
	/** Decodes `bytes[start..end)`. Throws on malformed UTF-8. */
	decode(bytes: Uint8Array, start: number, end: number): string;
}
