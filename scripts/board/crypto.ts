import { createHash, createPublicKey, verify } from "node:crypto";
import type { Crypto, CurveName, EcdsaSignature, HashName } from "../../firmware/ports/crypto.js";

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
};

function base64url(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64url");
}
