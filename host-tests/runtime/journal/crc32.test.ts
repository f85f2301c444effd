import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../../firmware/runtime/journal/crc32.js";

/** The definition, a bit at a time. */
function bitwise(bytes: Uint8Array): number {
	let crc = 0xffffffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
	}
	return (crc ^ 0xffffffff) >>> 0;
}

describe("CRC-32", () => {
	it("has the check value of its specification", () => {
		const bytes = new TextEncoder().encode("123456789");
		expect(crc32(bytes, 0, bytes.length)).toBe(0xcbf43926);
		expect(crc32(bytes, 3, 3)).toBe(0);
	});

	it("property: agrees with its definition", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, start) => {
				const from = Math.min(start, bytes.length);
				expect(crc32(bytes, from, bytes.length)).toBe(bitwise(bytes.subarray(from)));
			}),
		);
	});
});
