import { Digest } from "crypt";
import ECDSA from "ecdsa";
import HMAC from "hmac";
import type { Crypto, CurveName, EcdsaSignature, HashName } from "../ports/crypto.js";
import { sameSecret } from "../security/same.js";
import { AesGcm } from "./aes-gcm.js";
import { curveOf, pointOf } from "./curve-key.js";

const TAG_BYTES = 16;

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

	hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
		return new Uint8Array(new HMAC(new Digest("SHA256"), key).process(message));
	},

	seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
		const gcm = new AesGcm(key, nonce, associated);
		const encrypted = gcm.turn(plain);
		const sealed = new Uint8Array(encrypted.length + TAG_BYTES);
		sealed.set(encrypted);
		sealed.set(gcm.tag(encrypted), encrypted.length);
		return sealed;
	},

	open(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
		if (sealed.length < TAG_BYTES) return undefined;
		const gcm = new AesGcm(key, nonce, associated);
		const encrypted = sealed.subarray(0, sealed.length - TAG_BYTES);
		if (!sameSecret(gcm.tag(encrypted), sealed.subarray(encrypted.length))) return undefined;
		return gcm.turn(encrypted);
	},
});
