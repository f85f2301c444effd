import { createCipheriv, createDecipheriv, createHash, createHmac, createPublicKey, verify } from "node:crypto";
import type { Crypto, CurveName, EcdsaSignature, HashName } from "../../firmware/ports/crypto.js";

const TAG_BYTES = 16;

/** Cryptography as Node.js has it. */
export const nodeCrypto: Crypto = {
	hash(name: HashName, bytes: Uint8Array): Uint8Array {
		return createHash(name).update(bytes).digest();
	},

	verifyEcdsa(curve: CurveName, hash: HashName, message: Uint8Array, { x, y, r, s }: EcdsaSignature): boolean {
		const jwk = { kty: "EC", crv: curve, x: base64url(x), y: base64url(y) };
		const key = createPublicKey({ key: jwk, format: "jwk" });
		return verify(hash, message, { key, dsaEncoding: "ieee-p1363" }, Buffer.concat([r, s]));
	},

	hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
		return new Uint8Array(createHmac("sha256", key).update(message).digest());
	},

	seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array {
		const cipher = createCipheriv(key.length === 16 ? "aes-128-gcm" : "aes-256-gcm", key, nonce);
		cipher.setAAD(associated);
		return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
	},

	open(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
		if (sealed.length < TAG_BYTES) return undefined;
		const options = { authTagLength: TAG_BYTES };
		const cipher = createDecipheriv(key.length === 16 ? "aes-128-gcm" : "aes-256-gcm", key, nonce, options);
		cipher.setAAD(associated);
		cipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
		const plain = cipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
		try {
			cipher.final();
		} catch {
			return undefined;
		}
		return new Uint8Array(plain);
	},
};

function base64url(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64url");
}
