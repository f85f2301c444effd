import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { join } from "node:path";
import { Fault, reasonOf } from "../../firmware/model/fault.js";
import type { ReleaseKey } from "../../firmware/update/release.js";
import { readIfThere, writePrivate } from "../private-files.js";

const KEY_FILE = "release.key";
const ID_DIGITS = 16;

/** What releases are signed with. */
export interface SigningKey {
	readonly privateKey: KeyObject;
	/** What devices need to know of it. */
	readonly publicKey: ReleaseKey;
}

/** The key kept in `folder`, made on first use. Who loses it can update its devices over USB only. */
export function signingKey(folder: string): SigningKey {
	const path = join(folder, KEY_FILE);
	const kept = readIfThere(path);
	if (kept !== undefined) return fromPem(path, kept);
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	writePrivate(path, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
	return { privateKey, publicKey: releaseKey(createPublicKey(privateKey)) };
}

function fromPem(path: string, pem: string): SigningKey {
	try {
		const privateKey = createPrivateKey(pem);
		return { privateKey, publicKey: releaseKey(createPublicKey(privateKey)) };
	} catch (error) {
		throw new Fault(path, `it is no private key on P-256 (${reasonOf(error)})`, "put the right one back");
	}
}

/** A public key as devices know it: called by the beginning of the digest of its point. Throws for any other curve. */
export function releaseKey(key: KeyObject): ReleaseKey {
	const { crv, x, y } = key.export({ format: "jwk" });
	if (crv !== "P-256" || x === undefined || y === undefined) throw new Error("it is not on the curve P-256");
	const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
	const id = createHash("sha256").update(point).digest("hex").slice(0, ID_DIGITS);
	return { id, point: point.toString("hex") };
}
