import { describe, expect, it } from "vitest";
import { isId, kebabCase } from "../../firmware/model/names.js";

describe("names on the wire", () => {
	it.each([
		["soilMoisture", "soil-moisture"],
		["pump", "pump"],
		["Pump", "pump"],
		["valve_2", "valve-2"],
		["led2Red", "led2-red"],
	])("%s is %s", (key, id) => {
		expect(kebabCase(key)).toBe(id);
		expect(isId(id)).toBe(true);
	});

	it.each(["", "a/b", "a+b", "#", "Ä", "pümp", "A", "a b", "a".repeat(33), "a\0"])("%j is none", (id) => {
		expect(isId(id)).toBe(false);
	});

	it("has up to 32 characters", () => {
		expect(isId("a".repeat(32))).toBe(true);
	});
});
