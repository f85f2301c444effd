import type { Crypto } from "../ports/crypto.js";
import { curveFacts } from "./curves.js";
import { toBigInt } from "./numbers.js";

const BYTES = 32; // of a number of P-256, and of a digest with SHA-256

/**
 * The secret number of one ECDSA signature on P-256 with SHA-256, worked out from the key and what is signed (RFC 6979
 * §3.2). Two signatures with the same number, or with numbers that can be guessed, give the key away: so no chance is
 * needed here, of which a chip that has just started has little.
 * @param key 32 bytes, big-endian. @param digest SHA-256 of the message.
 * @returns 32 bytes, big-endian.
 */
export function signatureNonce(key: Uint8Array, digest: Uint8Array, crypto: Crypto): Uint8Array {
	const { order } = curveFacts("P-256");
	const seed = new Uint8Array(2 * BYTES);
	seed.set(key);
	seed.set(modulo(digest, order), BYTES);
	let v: Uint8Array = new Uint8Array(BYTES).fill(1);
	let k: Uint8Array = new Uint8Array(BYTES);
	for (const step of [0, 1]) {
		k = crypto.hmac(k, joined(v, step, seed));
		v = crypto.hmac(k, v);
	}
	for (;;) {
		v = crypto.hmac(k, v);
		const value = toBigInt(v);
		if (value > 0n && value < order) return v;
		k = crypto.hmac(k, joined(v, 0, new Uint8Array(0)));
		v = crypto.hmac(k, v);
	}
}

/** The digest as a number below the order (§2.3.4). */
function modulo(digest: Uint8Array, order: bigint): Uint8Array {
	const value = toBigInt(digest);
	if (value < order) return digest;
	const text = (value - order).toString(16);
	const bytes = new Uint8Array(BYTES);
	for (let at = text.length, i = BYTES - 1; at > 0; at -= 2, i--) {
		bytes[i] = Number.parseInt(text.slice(Math.max(0, at - 2), at), 16);
	}
	return bytes;
}

function joined(v: Uint8Array, step: number, seed: Uint8Array): Uint8Array {
	const all = new Uint8Array(v.length + 1 + seed.length);
	all.set(v);
	all[v.length] = step;
	all.set(seed, v.length + 1);
	return all;
}
