import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha1 } from "../../firmware/net/sha1.js";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("sha1", () => {
	it.each([
		["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
		["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
		["abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983e441c3bd26ebaae4aa1f95129e5e54670f1"],
	])("of %j is what FIPS 180-4 gives as an example", (text, expected) => {
		expect(hex(sha1(Buffer.from(text)))).toBe(expected);
	});

	it("agrees with Node at every length around the edges of a block, and on anything", () => {
		for (let length = 0; length < 200; length++) {
			const bytes = new Uint8Array(length).fill(length);
			expect(hex(sha1(bytes)), `${length} bytes`).toBe(createHash("sha1").update(bytes).digest("hex"));
		}
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 300 }),
				(bytes) => hex(sha1(bytes)) === createHash("sha1").update(bytes).digest("hex"),
			),
		);
	});
});
