import type { JsonValue } from "../model/document.js";
import { readJson } from "../model/json.js";
import type { Crypto } from "../ports/crypto.js";
import type { Text } from "../ports/text.js";
import { Compact } from "../security/compact.js";
import { isEs256 } from "../security/es256.js";
import { Refused } from "../security/refused.js";
import { versionNumber } from "./version.js";

/** What a release says of itself, as its maker signed it. */
export interface Release {
	/** The name of the device, as its file says it: firmware for a greenhouse opens no garage. */
	readonly device: string;
	/** The chip that it is for, as `Board.target` says it. */
	readonly target: string;
	readonly version: string;
	/** Bytes of the image. */
	readonly size: number;
	/** SHA-256 of the image. */
	readonly sha256: Uint8Array;
	/** When it was signed, seconds since 1970: no release is taken that was signed before one that was taken. */
	readonly issued: number;
	/** Its maker allows it to take the place of a newer version. */
	readonly older: boolean;
}

/** A public key that a release may be signed with. */
export interface ReleaseKey {
	/** What signatures call it. */
	readonly id: string;
	/** A point of P-256, uncompressed, in hexadecimal: 04, x, y. */
	readonly point: string;
}

/** Of a signed manifest, characters: so it fits into one value of a board's store. */
export const MANIFEST_LENGTH_MAX = 900;
/** What the header says it is, so that nothing else that is signed with the same key can pass for a release. */
export const MANIFEST_TYPE = "farpin-release";

const SIZE_MAX = 8_388_608;
const NAME_LENGTH_MAX = 64;
const DIGEST_BYTES = 32;

/**
 * Reads a signed manifest: a JSON Web Signature in compact form (RFC 7515 §7.1) with ES256, over JSON. Nothing that is not
 * signed by one of `keys` is even looked at. Throws, with the end of a plain sentence, for whatever is not exactly so, and
 * what `budget` throws before the signature is checked.
 */
export function readRelease(
	manifest: string,
	keys: readonly ReleaseKey[],
	{ text, crypto }: { readonly text: Text; readonly crypto: Crypto },
	budget?: { spend(): void },
): Release {
	if (manifest.length > MANIFEST_LENGTH_MAX) throw new Refused("the manifest is longer than any that is one");
	const compact = new Compact(text.encode(manifest));
	if (compact.parts !== 3) throw new Refused("the manifest is not a signed one");
	const header = membersOf(compact.part(0), text, 3);
	const signature = compact.part(2);
	if (header.get("alg") !== "ES256" || header.get("typ") !== MANIFEST_TYPE)
		throw new Refused("the manifest is not a release signed with ES256");
	const key = keys.find(({ id }) => id === header.get("kid"));
	if (key === undefined) throw new Refused("the release is signed with a key that this device does not know");
	budget?.spend();
	if (!isEs256(fromHex(key.point), compact.upTo(1), signature, crypto))
		throw new Refused("the signature of the release is wrong");
	return releaseOf(membersOf(compact.part(1), text, 7));
}

/** The members of an object that has no more than `most`. */
function membersOf(json: Uint8Array, text: Text, most: number): Map<string, JsonValue> {
	const members = readJson(json, text, most + 1);
	if (!(members instanceof Map)) throw new Refused("the manifest is not a JSON object");
	return members;
}

function releaseOf(members: Map<string, JsonValue>): Release {
	const older = members.get("older");
	if (members.size !== (older === undefined ? 6 : 7) || (older !== undefined && older !== true))
		throw new Refused("the manifest has not the members of a release");
	const version = word(members.get("version"));
	if (versionNumber(version) === undefined) throw new Refused(`${version} is no version such as 1.4.0`);
	return {
		device: word(members.get("device")),
		target: word(members.get("target")),
		version,
		size: whole(members.get("size"), SIZE_MAX),
		sha256: digest(word(members.get("sha256"))),
		issued: whole(members.get("issued"), Number.MAX_SAFE_INTEGER),
		older: older === true,
	};
}

function word(value: JsonValue | undefined): string {
	if (typeof value === "string" && value !== "" && value.length <= NAME_LENGTH_MAX) return value;
	throw new Refused("a text in the manifest is missing, or too long");
}

function whole(value: JsonValue | undefined, max: number): number {
	if (typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= max) return value;
	throw new Refused("a number in the manifest is missing, or cannot be");
}

function digest(text: string): Uint8Array {
	const bytes = fromHex(text);
	if (bytes.length === DIGEST_BYTES) return bytes;
	throw new Refused("the digest in the manifest is none");
}

/** Bytes of lower-case hexadecimal digits; none at all for anything else. */
function fromHex(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length >> 1);
	let at = 0;
	for (const digit of text) {
		const value = "0123456789abcdef".indexOf(digit);
		if (value < 0) return new Uint8Array(0);
		bytes[at >> 1] = ((bytes[at >> 1] as number) << 4) | value;
		at++;
	}
	return at % 2 === 0 ? bytes : new Uint8Array(0);
}
