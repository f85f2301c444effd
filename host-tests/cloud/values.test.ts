import { expect, it } from "vitest";
import { isApplied, jsonOf } from "../../firmware/cloud/values.js";

it.each([
	["21.5", "21.5"],
	["-3", "-3"],
	["ON", '"ON"'],
	['{"state":"ON"}', '{"state":"ON"}'],
	["unavailable", "null"],
])("%s is %s in a document", (text, value) => {
	expect(jsonOf(text)).toBe(value);
});

it("no reason can pass for an outcome", () => {
	expect(isApplied('{"id":"a","outcome":"applied"}')).toBe(true);
	expect(isApplied(JSON.stringify({ id: "a", outcome: "refused", reason: '"outcome":"applied"' }))).toBe(false);
	expect(isApplied("")).toBe(false);
});
