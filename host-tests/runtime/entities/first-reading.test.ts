import { describe, expect, it } from "vitest";
import { firstReading } from "../../../firmware/runtime/entities/first-reading.js";
import { FakeInput } from "./inputs.js";

describe("the first reading", () => {
	it("is what the input says", () => {
		const input = new FakeInput();
		expect(firstReading(input)).toBe(false);
		input.level = true;
		expect(firstReading(input)).toBe(true);
		expect(input.closed).toBe(0);
	});

	it("closes an input that cannot be read", () => {
		const input = new FakeInput();
		input.broken = true;
		expect(() => firstReading(input)).toThrow("the pin cannot be read");
		expect(input.closed).toBe(1);
	});
});
