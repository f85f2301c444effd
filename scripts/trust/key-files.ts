import { createPrivateKey, generateKeyPairSync, type JsonWebKey, type KeyObject, randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Fault, reasonOf } from "../../firmware/model/fault.js";
import { isId } from "../../firmware/model/names.js";
import { type KeyAlgorithm, readKey } from "../../firmware/trust/keys.js";
import { pcText } from "../board/text.js";
import { readIfThere, writePrivate } from "../private-files.js";

/** What a key may be made for. */
export const ALGORITHMS: readonly KeyAlgorithm[] = ["ES256", "HS256", "A128GCM", "A256GCM"];

const SECRET_BYTES: ReadonlyMap<string, number> = new Map([
	["HS256", 32],
	["A128GCM", 16],
	["A256GCM", 32],
]);

/** A key of the owner's, as it lies in its file: a JSON Web Key (RFC 7517) with a name. */
export interface OwnerKey {
	readonly id: string;
	readonly algorithm: KeyAlgorithm;
	/** What signs: of ES256 the private key, undefined where the file holds only the public half. */
	readonly secret: KeyObject | Buffer | undefined;
	/** What a device needs of it, as it takes it: of ES256 the public half only. */
	readonly line: string;
}

/** Where keys are kept that were made here. */
export function keyFolder(home: string): string {
	return join(home, "keys");
}

/** Makes a key and keeps it in `<folder>/<id>.json`, for nobody else to read. Returns the path. */
export function makeKey(folder: string, id: string, algorithm: string): string {
	if (!isId(id)) throw new Fault(id, "it is no name for a key", "use 1 to 32 small letters, digits and -");
	const path = join(folder, `${id}.json`);
	if (existsSync(path)) throw new Fault(path, "there is such a key already", "choose another name");
	writePrivate(path, `${JSON.stringify({ ...newKey(algorithm), kid: id, alg: algorithm }, null, "\t")}\n`);
	return path;
}

function newKey(algorithm: string): JsonWebKey {
	if (algorithm === "ES256")
		return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
	const bytes = SECRET_BYTES.get(algorithm);
	if (bytes !== undefined) return { kty: "oct", k: randomBytes(bytes).toString("base64url") };
	throw new Fault(algorithm, "there is no such kind of key", `use one of ${ALGORITHMS.join(", ")}`);
}

/** The key in a file, or of this name among those made here. Throws a Fault that tells nothing of what is in the file. */
export function readOwnerKey(nameOrPath: string, folder: string): OwnerKey {
	const path = isId(nameOrPath) ? join(folder, `${nameOrPath}.json`) : nameOrPath;
	const text = readIfThere(path);
	if (text === undefined) throw new Fault(path, "there is no such key", "make one with `npx farpin key <name>`");
	let jwk: Record<string, unknown>;
	try {
		jwk = JSON.parse(text) as Record<string, unknown>;
	} catch {
		throw new Fault(path, "it is not JSON", "give the file of a JSON Web Key");
	}
	try {
		return ownerKey(jwk);
	} catch (error) {
		throw new Fault(path, reasonOf(error), "give a JSON Web Key with kid and alg");
	}
}

/** Every key that was made here. */
export function allOwnerKeys(folder: string): OwnerKey[] {
	if (!existsSync(folder)) return [];
	const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
	return names.sort().map((name) => readOwnerKey(join(folder, name), folder));
}

/** The key to sign commands with where nobody said which: one whose public half is enough for devices, if there is one. */
export function signingOwnerKey(keys: readonly OwnerKey[]): OwnerKey | undefined {
	const able = keys.filter(({ secret, algorithm }) => secret !== undefined && isForSigning(algorithm));
	return able.find(({ algorithm }) => algorithm === "ES256") ?? able[0];
}

/** Whether commands can be signed with such a key. */
export function isForSigning(algorithm: KeyAlgorithm): boolean {
	return algorithm === "ES256" || algorithm === "HS256";
}

function ownerKey({ kty, crv, kid, alg, k, x, y, d }: Record<string, unknown>): OwnerKey {
	const id = textOf(kid);
	const bytes = (value: unknown) => Buffer.from(textOf(value), "base64url");
	if (kty === "oct" && (alg === "HS256" || alg === "A128GCM" || alg === "A256GCM")) {
		const secret = bytes(k);
		return { id, algorithm: alg, secret, line: checked(id, alg, secret) };
	}
	if (kty !== "EC" || crv !== "P-256" || alg !== "ES256") throw new Error("it is not a key that devices know");
	const line = checked(id, alg, Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]));
	const jwk = { kty, crv, x: textOf(x), y: textOf(y) };
	const secret = d === undefined ? undefined : createPrivateKey({ key: { ...jwk, d: textOf(d) }, format: "jwk" });
	return { id, algorithm: alg, secret, line };
}

/** The line that a device takes; it is read here as the device will read it. */
function checked(id: string, algorithm: KeyAlgorithm, bytes: Buffer): string {
	const line = `${id}:${algorithm}:${bytes.toString("base64url")}`;
	readKey(line, pcText);
	return line;
}

function textOf(value: unknown): string {
	if (typeof value !== "string") throw new Error("a member of it is missing");
	return value;
}
