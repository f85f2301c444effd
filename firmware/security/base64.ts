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
