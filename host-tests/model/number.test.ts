import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalsOfNumber, number, onGrid } from "../../firmware/model/number.js";
import { formatNumber } from "../../firmware/model/quantity.js";

describe("a number", () => {
	it("has steps of 1 and starts at its least value unless told otherwise", () => {
		expect(number({ min: 2, max: 9 })).toMatchObject({ step: 1, initial: 2, unit: "" });
	});

	it.each([
		[{ min: 5, max: 35, step: 0.5 }, 20.3, 20.5],
		[{ min: 0, max: 10, step: 3 }, 10, 9],
		[{ min: 0, max: 1, step: 0.1 }, 0.3, 0.3],
		[{ min: 0, max: 1, step: 0.1 }, -0, 0],
		[{ min: -5, max: 5 }, -0.2, 0],
		[{ min: 0, max: 1, step: 0.4 }, 1, 1],
	])("%o takes %s as %s", (options, value, expected) => {
		expect(onGrid(number(options), value)).toBe(expected);
	});

	it("has as many decimals as its values need, not only its step", () => {
		expect(decimalsOfNumber(number({ min: 0.25, max: 2.25, step: 0.5 }))).toBe(2);
		expect(decimalsOfNumber(number({ min: 0, max: 1_000, step: 10 }))).toBe(0);
		expect(decimalsOfNumber(number({ min: 0, max: 1, step: 0.000001 }))).toBe(6);
	});

	it("comes back unchanged from its text, and stays within its range", () => {
		const thousandths = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 1_000);
		fc.assert(
			fc.property(
				thousandths,
				thousandths,
				fc.integer({ min: 1, max: 5_000 }),
				fc.double({ min: 0, max: 1, noNaN: true }),
				(a, b, n, share) => {
					fc.pre(a !== b);
					const definition = number({ min: Math.min(a, b), max: Math.max(a, b), step: n / 1_000 });
					const value = onGrid(definition, definition.min + share * (definition.max - definition.min));
					expect(value).toBeGreaterThanOrEqual(definition.min);
					expect(value).toBeLessThanOrEqual(definition.max);
					const text = formatNumber(value, decimalsOfNumber(definition));
					expect(onGrid(definition, Number(text))).toBe(value);
					expect(formatNumber(Number(text), decimalsOfNumber(definition))).toBe(text);
				},
			),
		);
	});
});
