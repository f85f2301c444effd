import type { Text } from "../../firmware/ports/text.js";
import { type Check, equal } from "../contracts/checks.js";
import { corpus } from "./malformed-corpus.js";
import { describeMutation, tryMutation } from "./malformed-mutations.js";
import { judge } from "./malformed-stage.js";

/** One of so many cases of a group is played on every engine; of text, where engines differ, all that a message has. */
const SHARE = 7;
const MUTATIONS = 300;
const LISTED = 5;

/** A fair share of the corpus and of the mutations, for engines that are slower than a PC's. */
export function malformedChecks(text: Text): readonly Check[] {
	return [
		{ name: "a share of the corpus of malformed packets", run: () => playShare(text) },
		{ name: "text in messages, right and wrong", run: () => playTexts(text) },
		{ name: "spoiled packets", run: () => spoil(text) },
	];
}

function playShare(text: Text): void {
	const faults: string[] = [];
	let index = 0;
	for (const one of corpus()) {
		if (index++ % SHARE !== 0) continue;
		const fault = judge(one, text, index, ["whole", "random"]);
		if (fault !== undefined) faults.push(`${one.group}: ${one.what}: ${fault}`);
	}
	equal(faults.slice(0, LISTED), [], `${faults.length} faults`);
}

function playTexts(text: Text): void {
	const faults: string[] = [];
	let played = 0;
	for (const one of corpus()) {
		const isText =
			one.group.includes("topic") || one.group.includes("payload") || one.what.startsWith("PUBLISH: Content");
		if (!isText) continue;
		played++;
		const fault = judge(one, text, played, ["whole"]);
		if (fault !== undefined) faults.push(`${one.group}: ${one.what}: ${fault}`);
	}
	equal(faults.slice(0, LISTED), [], `${faults.length} faults`);
	equal(played > 200, true, "there are many");
}

function spoil(text: Text): void {
	const faults: string[] = [];
	for (let seed = 1; seed <= MUTATIONS; seed++) {
		const fault = tryMutation(seed, text, ["whole", "random"]);
		if (fault !== undefined) faults.push(`${fault} ${describeMutation(seed)}`);
	}
	equal(faults.slice(0, LISTED), [], `${faults.length} faults`);
}
