const COMMA = 0x2c;
const SPACE = 0x20;

/** Makes small letters of the ASCII capitals in `bytes[from..to)`. */
export function lowerCase(bytes: Uint8Array, from: number, to: number): void {
	for (let at = from; at < to; at++) {
		const byte = bytes[at] as number;
		if (byte >= 0x41 && byte <= 0x5a) bytes[at] = byte + 0x20;
	}
}

/** Whether `bytes[from..to)` is the ASCII text `wanted`. */
export function sameText(bytes: Uint8Array, from: number, to: number, wanted: string): boolean {
	if (to - from !== wanted.length) return false;
	for (let n = 0; n < wanted.length; n++) if (bytes[from + n] !== wanted.charCodeAt(n)) return false;
	return true;
}

/** Whether the list in `bytes[from..to)`, separated by commas (RFC 9110 §5.6.1), has `wanted` among its members. */
export function hasToken(bytes: Uint8Array, from: number, to: number, wanted: string): boolean {
	let start = from;
	for (let at = from; at <= to; at++) {
		if (at < to && bytes[at] !== COMMA) continue;
		let end = at;
		while (start < end && (bytes[start] as number) <= SPACE) start++;
		while (end > start && (bytes[end - 1] as number) <= SPACE) end--;
		if (sameText(bytes, start, end, wanted)) return true;
		start = at + 1;
	}
	return false;
}
