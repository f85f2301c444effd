import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base64, fromBase64 } from "../../firmware/security/base64.js";

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
		expect(Buffer.from(fromBase64(expected) ?? "none").toString()).toBe(text);
	});

	it.each(["Zg", "Zg=", "Z===", "Zh==", "Zm9v====", "=", "====", "Zm-v", "Zm_v", "Zm 9", "Zm9é", "Zg==Zg=="])(
		"%j stands for nothing",
		(text) => {
			expect(fromBase64(text)).toBeUndefined();
		},
	);

	it("is read as it was written", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) =>
				Buffer.from(fromBase64(base64(bytes)) ?? "none").equals(Buffer.from(bytes)),
			),
		);
	});

	it("agrees with Node on anything", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => base64(bytes) === Buffer.from(bytes).toString("base64")),
		);
	});
});
