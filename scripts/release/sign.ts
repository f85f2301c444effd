import { createHash, sign } from "node:crypto";
import { Fault } from "../../firmware/model/fault.js";
import { MANIFEST_LENGTH_MAX, MANIFEST_TYPE, type Release } from "../../firmware/update/release.js";
import type { SigningKey } from "./keys.js";

/** What the maker of a release decides; the rest follows from the image. */
export type ReleaseFacts = Pick<Release, "device" | "target" | "version" | "issued"> & Partial<Pick<Release, "older">>;

/** The signed manifest of `image`: a JSON Web Signature in compact form (RFC 7515 §7.1), with ES256. */
export function signRelease(image: Uint8Array, facts: ReleaseFacts, { privateKey, publicKey }: SigningKey): string {
	const { device, target, version, issued, older } = facts;
	const sha256 = createHash("sha256").update(image).digest("hex");
	const release = { device, target, version, size: image.length, sha256, issued, ...(older ? { older } : {}) };
	const signed = `${encode({ alg: "ES256", typ: MANIFEST_TYPE, kid: publicKey.id })}.${encode(release)}`;
	const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
	const manifest = `${signed}.${signature.toString("base64url")}`;
	if (manifest.length <= MANIFEST_LENGTH_MAX) return manifest;
	throw new Fault("release", "its manifest is too long", "give the device a shorter name");
}

function encode(value: object): string {
	return Buffer.from(JSON.stringify(value)).toString("base64url");
}
