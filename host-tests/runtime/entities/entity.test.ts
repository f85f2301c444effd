import { describe, expect, it } from "vitest";
import { quote, refusal } from "../../../firmware/runtime/entities/entity.js";

describe("words on the wire", () => {
	it("are JSON, whatever somebody sent", () => {
		for (const text of ['"', "\\", "\n", "\0", "é😀", "\ud800", ""]) expect(JSON.parse(quote(text))).toBe(text);
	});

	it("are bounded: a long name from outside must not fill the memory", () => {
		const quoted = quote("x".repeat(4_000));
		expect(quoted.length).toBeLessThan(220);
		expect((JSON.parse(quoted) as string).endsWith(" ...")).toBe(true);
		expect(quote("\u0001".repeat(4_000)).length).toBeLessThan(1_300);
	});

	it("say what a value must be", () => {
		expect(refusal("ON or OFF")).toBe("the value must be ON or OFF");
	});
});
