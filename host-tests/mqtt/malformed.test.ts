import { describe, expect, it } from "vitest";
import { nodeText } from "./bench.js";
import type { Case } from "./malformed-case.js";
import { corpus } from "./malformed-corpus.js";
import { describeMutation, tryMutation } from "./malformed-mutations.js";
import { CHUNKINGS, judge } from "./malformed-stage.js";

const CASES = [...corpus()];
const LISTED = 20;
/** More of them, by hand: FARPIN_MUTATIONS=1000000, from another seed on: FARPIN_SEED=7. */
const MUTATIONS = Number(process.env.FARPIN_MUTATIONS ?? 20_000);
const FIRST_SEED = Number(process.env.FARPIN_SEED ?? 1);

function groups(): ReadonlyMap<string, readonly Case[]> {
	const found = new Map<string, Case[]>();
	for (const one of CASES) {
		const name = `MQTT ${one.version === 4 ? "3.1.1" : "5"}: ${one.group}`;
		found.set(name, [...(found.get(name) ?? []), one]);
	}
	return found;
}

describe(`${CASES.length} sequences from a server, in ${CHUNKINGS.length} chunkings`, () => {
	it.each([...groups()])("%s", (_name, cases) => {
		const faults = cases.flatMap((one, index) => {
			const fault = judge(one, nodeText, index);
			return fault === undefined ? [] : [`${one.scene}, ${one.what}: ${fault}`];
		});
		expect(faults.slice(0, LISTED), `${faults.length} of ${cases.length}`).toEqual([]);
	});
});

it(`${MUTATIONS} spoiled sequences: each ends, or is heard, the same in every chunking`, { timeout: 3_600_000 }, () => {
	const broken: string[] = [];
	for (let seed = FIRST_SEED; seed < FIRST_SEED + MUTATIONS && broken.length < LISTED; seed++) {
		const what = tryMutation(seed, nodeText, ["whole", "random"]);
		if (what !== undefined) broken.push(`${what}\n${describeMutation(seed)}`);
	}
	expect(broken).toEqual([]);
});
