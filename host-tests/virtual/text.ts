import type { Text } from "../../firmware/ports/text.js";

const REPLACEMENT = 0xfffd; // for half a surrogate pair, as TextEncoder does

const LEADS = [0x00, 0xc0, 0xe0, 0xf0]; // first byte by the number of bytes that follow, RFC 3629, section 3

/** UTF-8 in plain JavaScript, for engines without `TextEncoder`. */
export const plainText: Text = {
	encode(text) {
		const bytes = new Uint8Array(text.length * 3);
		return bytes.slice(0, write(text, bytes, 0));
	},
	write,
	decode,
};

function write(text: string, into: Uint8Array, at: number): number {
	let end = at;
	for (const char of text) {
		const code = char.codePointAt(0) as number;
		const point = code >= 0xd800 && code <= 0xdfff ? REPLACEMENT : code;
		const more = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
		if (end + more >= into.length) return -1;
		into[end++] = (LEADS[more] as number) | (point >> (6 * more));
		for (let left = more - 1; left >= 0; left--) into[end++] = 0x80 | ((point >> (6 * left)) & 0x3f);
	}
	return end - at;
}

function decode(bytes: Uint8Array, start: number, end: number): string {
	let text = "";
	for (let at = start; at < end; ) {
		const lead = bytes[at++] as number;
		const more = lead < 0x80 ? 0 : lead >> 5 === 0b110 ? 1 : lead >> 4 === 0b1110 ? 2 : lead >> 3 === 0b11110 ? 3 : -1;
		if (more < 0 || at + more > end) throw new Error("malformed UTF-8");
		let point = more === 0 ? lead : lead & (0x3f >> more);
		for (let left = more; left > 0; left--) {
			const byte = bytes[at++] as number;
			if (byte >> 6 !== 0b10) throw new Error("malformed UTF-8");
			point = (point << 6) | (byte & 0x3f);
		}
		if (!isScalar(point, more)) throw new Error("malformed UTF-8");
		text += String.fromCodePoint(point);
	}
	return text;
}

/** No overlong form, no half of a surrogate pair, nothing above the last code point (RFC 3629, section 3). */
function isScalar(point: number, more: number): boolean {
	const least = more === 0 ? 0 : more === 1 ? 0x80 : more === 2 ? 0x800 : 0x1_0000;
	return point >= least && point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff);
}
