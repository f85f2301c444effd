import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	formatNumber,
	humidity,
	percent,
	pressure,
	quantity,
	temperature,
	voltage,
} from "../../firmware/model/quantity.js";

describe("formatting a number", () => {
	it.each([
		[21.500000000000004, 2, "21.5"],
		[0.1 + 0.2, 2, "0.3"],
		[-0, 1, "0"],
		[-0.04, 1, "0"],
		[-0.06, 1, "-0.1"],
		[1013.25, 1, "1013.3"],
		[40, 0, "40"],
		[0.000001, 6, "0.000001"],
		[1e300, 2, "1e+300"],
	])("%s with %i decimals is %s", (value, decimals, text) => {
		expect(formatNumber(value, decimals)).toBe(text);
	});

	it("is a JSON number, near enough, without an exponent, and formats to itself", () => {
		fc.assert(
			fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.nat(6), (value, decimals) => {
				const text = formatNumber(value, decimals);
				expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-6);
				expect(text).not.toContain("e");
				expect((text.split(".")[1] ?? "").length).toBeLessThanOrEqual(decimals);
				expect(formatNumber(JSON.parse(text) as number, decimals)).toBe(text);
			}),
		);
	});
});

describe("quantities", () => {
	it("know their unit and Home Assistant's class, and take a narrower range", () => {
		expect(temperature({ min: -40, max: 85 })).toEqual({
			deviceClass: "temperature",
			unit: "°C",
			min: -40,
			max: 85,
			decimals: 2,
		});
		expect([humidity().unit, pressure().unit, voltage().unit, percent().unit]).toEqual(["%", "hPa", "V", "%"]);
		expect(percent("moisture", { decimals: 0 })).toMatchObject({ deviceClass: "moisture", decimals: 0 });
		expect(quantity("lx", { min: 0, max: 65_535, decimals: 0 })).not.toHaveProperty("deviceClass");
	});
});
