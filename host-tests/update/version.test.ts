import { expect, it } from "vitest";
import { versionNumber } from "../../firmware/update/version.js";

it("puts versions in order", () => {
	const versions = ["0.0.1", "0.1.0", "0.9.65535", "0.10.0", "1.0.0", "1.0.10", "1.1.0", "65535.65535.65535"];
	const numbers = versions.map((version) => versionNumber(version) as number);
	expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers);
	expect(new Set(numbers).size).toBe(versions.length);
});

it.each([
	"",
	"1",
	"1.0",
	"1.0.0.0",
	"1.0.",
	"1..0",
	"01.0.0",
	"1.0.-1",
	"1.0.65536",
	"1.0.0-rc",
	" 1.0.0",
	"1.0.1e1",
	"a.b.c",
])("takes %j for no version", (version) => expect(versionNumber(version)).toBeUndefined());
