import { fromBase64Url } from "./base64url.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** `bytes` in Base64, with padding (RFC 4648 §4). */
export function base64(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length; at += 3) {
		const left = bytes.length - at;
		const group = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
		text += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
		text += left > 1 ? ALPHABET.charAt((group >> 6) & 63) : "=";
		text += left > 2 ? ALPHABET.charAt(group & 63) : "=";
	}
	return text;
}

/** The bytes that `text` stands for, in Base64 with padding; undefined for anything but the one way to write them. */
export function fromBase64(text: string): Uint8Array | undefined {
	let end = text.length;
	if (end % 4 !== 0) return undefined;
	while (end > 0 && end > text.length - 2 && text.charAt(end - 1) === "=") end--;
	const letters = new Uint8Array(end);
	for (let at = 0; at < end; at++) {
		const letter = text.charAt(at);
		if (letter === "-" || letter === "_") return undefined; // of the other alphabet
		letters[at] = letter === "+" ? 0x2d : letter === "/" ? 0x5f : letter.charCodeAt(0) & 0xff;
		if (letter.charCodeAt(0) > 0x7f) return undefined;
	}
	return fromBase64Url(letters, 0, end);
}
