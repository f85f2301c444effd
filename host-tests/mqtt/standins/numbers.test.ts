import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Buffer } from "../../../firmware/mqtt/standins/buffer.js";
import * as ours from "../../../firmware/mqtt/standins/numbers.js";
import { writeVarint } from "../../../firmware/mqtt/varint.js";

const real = createRequire(import.meta.url)("mqtt-packet/numbers.js");

describe("the stand-in for mqtt-packet's numbers.js, beside the original", () => {
	it("writes the same two and four bytes", () => {
		fc.assert(
			fc.property(fc.nat(0xffff), fc.integer({ min: 0, max: 0xffff_ffff }), (word, long) => {
				expect([...ours.generateNumber(word)]).toEqual([...real.generateNumber(word)]);
				expect([...ours.generate4ByteBuffer(long)]).toEqual([...real.generate4ByteBuffer(long)]);
			}),
		);
	});

	it("packs a Variable Byte Integer in a number that unpacks to the same bytes and is never mistaken for none", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 268_435_455 }), (value) => {
				const packed = ours.genBufVariableByteInt(value);
				const into = new Uint8Array(4);
				const count = writeVarint(into, 0, ~packed);
				expect(packed).toBeLessThan(0);
				expect([...into.subarray(0, count)]).toEqual([...real.genBufVariableByteInt(value)]);
				expect(Buffer.byteLength(packed)).toBe(count);
			}),
		);
	});

	it("keeps no cache", () => {
		ours.generateCache();
		expect(ours.cache).toEqual([]);
	});
});
