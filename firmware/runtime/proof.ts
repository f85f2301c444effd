import type { Signing } from "../model/signing.js";
import type { CommandDocument } from "./command-document.js";

/** Why what is not signed is not done. */
export const UNSIGNED =
	"it is not signed: this device takes only what is signed with one of its keys (npx farpin send)";
const NOT_WANTED =
	"it is signed or sealed, and this device takes what is not: send it so (npx farpin send --unsigned), or give it `signing`";
const ELSEWHERE = "it asks for something else than to set the entity whose topic it came to";

/** Why a device that wants nothing signed could not read a message, when that is because it is; undefined otherwise. */
export function signedInVain(signing: Signing | undefined, payload: Uint8Array): string | undefined {
	const looksSigned = payload[0] === 0x65 && payload[1] === 0x79 && payload[2] === 0x4a; // eyJ: Base64url of `{"`
	return signing === undefined && looksSigned ? NOT_WANTED : undefined;
}

/** Nobody without a key can have a signed command answered with what became of another that has the same id. */
export function markedId(id: string, { warrant }: CommandDocument): string {
	return (warrant === undefined ? "-" : "+") + id;
}

/** Why this is not from somebody who may ask for it, or was here before; `only` is the entity whose topic it came to. */
export function unproved(
	{ sets, action, log, warrant }: CommandDocument,
	signing: Signing | undefined,
	only: string | undefined,
) {
	if (signing === undefined) return undefined;
	const isWhole = action !== undefined || log !== undefined; // about the device rather than its entities
	if (warrant !== undefined) {
		const isElsewhere = only !== undefined && (sets.size !== 1 || !sets.has(only) || isWhole);
		return isElsewhere || (only !== undefined && warrant.asksMore) ? ELSEWHERE : warrant.admit();
	}
	if (isWhole && signing.wants(undefined)) return UNSIGNED;
	for (const id of sets.keys()) if (signing.wants(id)) return UNSIGNED;
	return undefined;
}
