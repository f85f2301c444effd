import { expect, it } from "vitest";
import { updates } from "../../firmware/update/updates.js";

it("takes a version, and says what is wrong with anything else", () => {
	expect(updates({ version: "1.2.3" }).version).toBe("1.2.3");
	expect(() => updates({ version: "next" })).toThrow('updates: "next" is no version; write three numbers, as in 1.4.0');
	expect(() => updates({ version: "1.0.0", steady: 10, within: 10 })).toThrow(/`within` is not longer than `steady`/);
	expect(() => updates({ version: "1.0.0", steady: Number.NaN })).toThrow(/not longer/);
});
