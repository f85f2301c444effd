import { describe, expect, it } from "vitest";
import { timeJson, timeOf } from "../../firmware/runtime/time.js";

describe("the time of something", () => {
	it("is null while nobody knows when its clock began", () => {
		expect(timeJson(undefined, 100)).toBe("null");
		expect(timeOf(undefined, 100)).toBeUndefined();
	});

	it("is worked out from the clock that never jumps, in whole milliseconds", () => {
		expect(timeJson(1.79e12 + 0.4, 1_500)).toBe("1790000001500");
		expect(timeOf(1.79e12 + 0.4, 1_500)).toBe(1_790_000_001_500);
	});
});
