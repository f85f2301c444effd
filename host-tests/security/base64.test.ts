import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64 } from "../../firmware/security/base64.js";

describe("base64", () => {
	it.each([
		["", ""],
		["f", "Zg=="],
		["fo", "Zm8="],
		["foo", "Zm9v"],
		["foob", "Zm9vYg=="],
		["fooba", "Zm9vYmE="],
		["foobar", "Zm9vYmFy"],
	])("makes of %j what RFC 4648 §10 says", (text, expected) => {
		expect(base64(Buffer.from(text))).toBe(expected);
	});

	it("agrees with Node on anything", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => base64(bytes) === Buffer.from(bytes).toString("base64")),
		);
	});
});
