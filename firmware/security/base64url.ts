/**
 * The bytes that ASCII `text[start..end)` stands for, in Base64url without padding (RFC 7515 §2), and `spare` zeros. Undefined for anything
 * but the one way to write them: other letters, a length that cannot be, bits left over that are not zero.
 *
 * The letters (RFC 4648 §5) are told apart here and not in a function of their own: on XS a call for each takes as long as
 * all else, and whoever may publish can have a device read long ones.
 */
export function fromBase64Url(text: Uint8Array, start: number, end: number, spare = 0): Uint8Array | undefined {
	const length = end - start;
	if (length % 4 === 1) return undefined;
	const bytes = new Uint8Array(((length * 3) >> 2) + spare);
	let bits = 0;
	let held = 0;
	let count = 0;
	for (let at = start; at < end; at++) {
		const code = text[at] as number;
		let value: number;
		if (code >= 0x61) value = code <= 0x7a ? code - 0x61 + 26 : -1;
		else if (code >= 0x41) value = code <= 0x5a ? code - 0x41 : code === 0x5f ? 63 : -1;
		else if (code >= 0x30) value = code <= 0x39 ? code - 0x30 + 52 : -1;
		else value = code === 0x2d ? 62 : -1;
		if (value < 0) return undefined;
		held = (held << 6) | value;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		bytes[count++] = held >> bits;
		held &= (1 << bits) - 1;
	}
	return held === 0 ? bytes : undefined;
}

function letterOf(value: number): number {
	if (value < 26) return value + 0x41;
	if (value < 52) return value - 26 + 0x61;
	if (value < 62) return value - 52 + 0x30;
	return value === 62 ? 0x2d : 0x5f;
}

/** How many letters so many bytes take. */
export function base64UrlLength(bytes: number): number {
	return Math.ceil((bytes * 4) / 3);
}

/** Writes `bytes` in Base64url without padding into `into` from `at` on, where there is room; returns where it ends. */
export function writeBase64Url(bytes: Uint8Array, into: Uint8Array, at: number): number {
	let held = 0;
	let bits = 0;
	let end = at;
	for (let i = 0; i < bytes.length; i++) {
		held = (held << 8) | (bytes[i] as number);
		bits += 8;
		while (bits >= 6) {
			bits -= 6;
			into[end++] = letterOf(held >> bits);
			held &= (1 << bits) - 1;
		}
	}
	if (bits > 0) into[end++] = letterOf(held << (6 - bits));
	return end;
}

/** `bytes` in Base64url, as text. */
export function toBase64Url(bytes: Uint8Array): string {
	const letters = new Uint8Array(base64UrlLength(bytes.length));
	writeBase64Url(bytes, letters, 0);
	let text = "";
	for (let at = 0; at < letters.length; at++) text += String.fromCharCode(letters[at] as number);
	return text;
}
