import { describe, expect, it } from "vitest";
import { STAGES, stageMs, timeoutWords } from "../../firmware/net/stages.js";

const BROKER = { host: "broker.test", port: 8883 };

describe("the stages", () => {
	it("each tell in words of their own that they took too long, and how long", () => {
		const timed = STAGES.filter((stage) => stageMs(stage) < Number.POSITIVE_INFINITY);
		expect(timed).toEqual(["time", "name", "tcp", "tls", "mqtt"]);
		const words = timed.map((stage) => timeoutWords(stage, BROKER));
		expect(new Set(words).size).toBe(timed.length);
		for (const stage of ["tcp", "tls", "mqtt"] as const) {
			expect(timeoutWords(stage, BROKER)).toContain("broker.test");
			expect(timeoutWords(stage, BROKER)).toContain(`${stageMs(stage) / 1_000} s`);
		}
	});
});
