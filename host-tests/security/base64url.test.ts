import fc from "fast-check";
import { expect, it } from "vitest";
import { base64UrlLength, fromBase64Url, toBase64Url } from "../../firmware/security/base64url.js";

const decode = (text: string) => fromBase64Url(Buffer.from(text), 0, text.length);

it("reads what Node.js writes", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
			expect(decode(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
		}),
	);
	expect(fromBase64Url(Buffer.from("..AQID.."), 2, 6)).toEqual(new Uint8Array([1, 2, 3]));
});

it.each(["A", "AAAAA", "AQ==", "A+", "A/", "A A", "AB", "AAB", "Ä", "A\n"])("takes %j for nothing", (text) => {
	expect(decode(text)).toBeUndefined();
});

it("takes nothing in two ways of writing", () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 12 }), (text) => {
			const bytes = decode(text);
			if (bytes !== undefined) expect(Buffer.from(bytes).toString("base64url")).toBe(text);
		}),
		{ numRuns: 2_000 },
	);
});

it("writes as Node.js does", () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
			const text = toBase64Url(bytes);
			expect(text).toBe(Buffer.from(bytes).toString("base64url"));
			expect(base64UrlLength(bytes.length)).toBe(text.length);
		}),
	);
});
