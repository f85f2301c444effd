import { Digest } from "crypt";
import ECDSA from "ecdsa";
import type { Crypto, CurveName, EcdsaSignature, HashName } from "../ports/crypto.js";
import { curveOf, pointOf } from "./curve-key.js";

/** Cryptography as the SDK has it natively. */
export const sdkCrypto: Crypto = Object.freeze({
	hash(name: HashName, bytes: Uint8Array): Uint8Array {
		return new Uint8Array(new Digest(name).process(bytes));
	},

	verifyEcdsa(curve: CurveName, hash: HashName, message: Uint8Array, { x, y, r, s }: EcdsaSignature): boolean {
		// FIPS 186-5 §6.4.2 step 2: no more bits of the digest than the order has, which the SDK does not see to.
		const digest = new Digest(hash).process(message).slice(0, r.length);
		const signature = new Uint8Array(r.length + s.length);
		signature.set(r);
		signature.set(s, r.length);
		return new ECDSA(pointOf(x, y), curveOf(curve)).verify(digest, signature.buffer);
	},
});
