import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { Refused } from "../../firmware/security/refused.js";
import type { Verifier } from "../../firmware/trust/jws.js";
import { readKey } from "../../firmware/trust/keys.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import type { OwnerKey } from "../../scripts/trust/key-files.js";

/** A new key for HS256, as its owner has it. */
export function sharedKey(id: string): OwnerKey & { readonly secret: Buffer } {
	const secret = randomBytes(32);
	return { id, algorithm: "HS256", secret, line: `${id}:HS256:${secret.toString("base64url")}` };
}

/** A new key for ES256, as its owner has it. */
export function ellipticKey(id: string): OwnerKey & { readonly secret: KeyObject } {
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	return { id, algorithm: "ES256", secret: privateKey, line: `${id}:ES256:${pointOf(privateKey)}` };
}

function pointOf(key: KeyObject): string {
	const { x = "", y = "" } = key.export({ format: "jwk" });
	const point = [Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")];
	return Buffer.concat(point).toString("base64url");
}

/** What a device with these keys verifies with. */
export function verifierOf(...keys: readonly OwnerKey[]): Verifier {
	return {
		crypto: nodeCrypto,
		text: pcText,
		find(id) {
			const key = keys.find((one) => one.id === id);
			if (key === undefined) throw new Refused("this device does not know the key that it names");
			return readKey(key.line, pcText);
		},
	};
}

/** Text as bytes. */
export function bytesOf(text: string): Uint8Array {
	return pcText.encode(text);
}

/** A new key for sealing, as its owner has it. */
export function sealingKey(
	id: string,
	algorithm: "A128GCM" | "A256GCM" = "A256GCM",
): OwnerKey & { readonly secret: Buffer } {
	const secret = randomBytes(algorithm === "A128GCM" ? 16 : 32);
	return { id, algorithm, secret, line: `${id}:${algorithm}:${secret.toString("base64url")}` };
}
