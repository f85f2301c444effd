import type { Signing } from "../model/signing.js";
import type { CommandDocument } from "./command-document.js";

/** Why what is not signed is not done. */
export const UNSIGNED =
	"it is not signed: this device takes only what is signed with one of its keys (npx farpin send)";
const ELSEWHERE = "it asks for something else than to set the entity whose topic it came to";

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
