const BLOCK_BYTES = 64;
const DIGEST_BYTES = 20;

/**
 * SHA-1 of `bytes`, 20 bytes (FIPS 180-4 §6.1.2). Broken as a signature; RFC 6455 wants it for an answer that proves
 * nothing but that the other side has understood the question.
 */
export function sha1(bytes: Uint8Array): Uint8Array {
	const blocks = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
	blocks.set(bytes);
	blocks[bytes.length] = 0x80; // §5.1.1
	putWord(blocks, blocks.length - 8, Math.floor(bytes.length / 2 ** 29));
	putWord(blocks, blocks.length - 4, bytes.length << 3);
	const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0); // §5.3.1
	const words = new Int32Array(80);
	for (let at = 0; at < blocks.length; at += BLOCK_BYTES) mix(state, blocks, at, words);
	const digest = new Uint8Array(DIGEST_BYTES);
	for (let n = 0; n < 5; n++) putWord(digest, 4 * n, state[n] as number);
	return digest;
}

/** §6.1.2, steps 1 to 4 for one block. */
function mix(state: Int32Array, blocks: Uint8Array, at: number, words: Int32Array): void {
	for (let t = 0; t < 16; t++) words[t] = wordAt(blocks, at + 4 * t);
	for (let t = 16; t < 80; t++) {
		const mixed = (words[t - 3] as number) ^ (words[t - 8] as number) ^ (words[t - 14] as number);
		words[t] = rotated(mixed ^ (words[t - 16] as number), 1);
	}
	let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
	for (let t = 0; t < 80; t++) {
		const next = (rotated(a, 5) + chosen(t, b, c, d) + e + (words[t] as number)) | 0;
		e = d;
		d = c;
		c = rotated(b, 30);
		b = a;
		a = next;
	}
	state[0] = (state[0] as number) + a;
	state[1] = (state[1] as number) + b;
	state[2] = (state[2] as number) + c;
	state[3] = (state[3] as number) + d;
	state[4] = (state[4] as number) + e;
}

/** The function and the constant of step `t` (§4.1.1, §4.2.1). */
function chosen(t: number, b: number, c: number, d: number): number {
	if (t < 20) return ((b & c) ^ (~b & d)) + 0x5a827999;
	if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
	if (t < 60) return ((b & c) ^ (b & d) ^ (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

function rotated(word: number, bits: number): number {
	return (word << bits) | (word >>> (32 - bits));
}

function wordAt(bytes: Uint8Array, at: number): number {
	const high = ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16);
	return high | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}

function putWord(bytes: Uint8Array, at: number, word: number): void {
	bytes[at] = word >>> 24;
	bytes[at + 1] = word >>> 16;
	bytes[at + 2] = word >>> 8;
	bytes[at + 3] = word;
}
