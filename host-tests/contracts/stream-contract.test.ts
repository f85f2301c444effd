import { describe, expect, it } from "vitest";
import { failing } from "./failing.js";
import { streamContract } from "./stream-contract.js";
import { MUTANTS, type Mutant, mutate } from "./stream-mutants.js";
import { virtualStreams, type Way } from "./virtual-streams.js";

/** The contract for the virtual board, and for a mutant of it. */
function contract(way: Way, mutant?: Mutant) {
	return streamContract(async () => {
		const environment = await virtualStreams(undefined, way);
		if (mutant !== undefined) mutate(environment.network, mutant);
		return environment;
	});
}

describe.each(["tcp", "ws"] as const)("the stream contract, over %s", (way) => {
	it("finds nothing wrong with the virtual board", async () => {
		expect(await failing(contract(way))).toEqual([]);
	});

	it.each(MUTANTS)("finds a stream that $mistake", async (mutant) => {
		const checks = contract(way, mutant).filter(({ name }) => mutant.found.includes(name));
		expect((await failing(checks)).sort()).toEqual([...mutant.found].sort());
	});

	it("has no check that finds nothing", async () => {
		const found = new Set(MUTANTS.flatMap((mutant) => mutant.found));
		const names = contract(way).map(({ name }) => name);
		expect(names.filter((name) => !found.has(name))).toEqual([]);
		expect([...found].filter((name) => !names.includes(name))).toEqual([]);
	});
});
