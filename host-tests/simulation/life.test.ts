import { describe, expect, it } from "vitest";
import { type Climate, Life } from "./life.js";
import { brokenPromises } from "./promises.js";

const HOURS = 2;
const SEEDS = 8;

describe.each<Climate>(["mild", "wild"])("%s trouble", (climate) => {
	it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))("breaks no promise, with seed %i", (seed) => {
		const life = new Life(seed, climate).live(HOURS);
		expect(brokenPromises(life), life.diary.join("\n")).toEqual([]);
	});
});
