import type { Crypto } from "../ports/crypto.js";
import { curveFacts, isOnCurve } from "./curves.js";
import { toBigInt } from "./numbers.js";

const COORDINATE_BYTES = 32;

/**
 * Whether `signature` of `message` is one by ES256 (RFC 7518 §3.4: ECDSA on P-256 with SHA-256, r and s of 32 bytes each)
 * under the public key `point`, uncompressed: 4, x, y. Numbers and points that are none are refused before any engine
 * sees them.
 */
export function isEs256(point: Uint8Array, message: Uint8Array, signature: Uint8Array, crypto: Crypto): boolean {
	const curve = curveFacts("P-256");
	if (signature.length !== 2 * COORDINATE_BYTES || !isOnCurve(curve, point)) return false;
	const r = signature.subarray(0, COORDINATE_BYTES);
	const s = signature.subarray(COORDINATE_BYTES);
	for (const number of [toBigInt(r), toBigInt(s)]) if (number === 0n || number >= curve.order) return false;
	const x = point.subarray(1, 1 + COORDINATE_BYTES);
	const y = point.subarray(1 + COORDINATE_BYTES);
	return crypto.verifyEcdsa("P-256", "SHA256", message, { x, y, r, s });
}
