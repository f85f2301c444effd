import { describe, expect, it } from "vitest";
import { hasToken, lowerCase, sameText } from "../../firmware/net/http-text.js";

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

describe("ASCII in bytes", () => {
	it("makes small letters of capitals, and touches nothing else", () => {
		const line = bytes("ABC-Zaz[@`{É: XYZ");
		lowerCase(line, 0, line.length - 3);
		expect(Buffer.from(line).toString()).toBe("abc-zaz[@`{É: XYZ");
	});

	it("compares whole texts", () => {
		const line = bytes("xmqttx");
		expect(sameText(line, 1, 5, "mqtt")).toBe(true);
		expect(sameText(line, 1, 6, "mqtt")).toBe(false);
		expect(sameText(line, 1, 4, "mqtt")).toBe(false);
		expect(sameText(line, 0, 4, "mqtt")).toBe(false);
	});

	it.each([
		["upgrade", true],
		["keep-alive, Upgrade", false], // the caller has made it small
		["keep-alive, upgrade", true],
		["keep-alive ,\tupgrade\t", true],
		["upgrade,", true],
		["upgrades", false],
		["up grade", false],
		["", false],
		[",,", false],
	])("finds in the list %j: %j", (list, expected) => {
		expect(hasToken(bytes(list), 0, bytes(list).length, "upgrade")).toBe(expected);
	});
});
