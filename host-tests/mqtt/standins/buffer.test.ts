import * as npm from "buffer/index.js";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Buffer as StandIn } from "../../../firmware/mqtt/standins/buffer.js";
import { useText } from "../../../firmware/mqtt/standins/text.js";
import { nodeText } from "../bench.js";

beforeAll(() => useText(nodeText));

describe("the stand-in for Buffer, beside the npm package and Node's own", () => {
	for (const real of [npm.Buffer, globalThis.Buffer] as (typeof globalThis.Buffer)[]) {
		it("makes the same of an array", () => {
			fc.assert(
				fc.property(fc.array(fc.integer()), (bytes) => {
					expect([...StandIn.from(bytes)]).toEqual([...real.from(bytes)]);
					expect(StandIn.isBuffer(StandIn.from(bytes))).toBe(true);
				}),
			);
		});

		it("counts the same bytes of a text or a view", () => {
			fc.assert(
				fc.property(fc.string({ unit: "binary" }), fc.uint8Array(), (text, bytes) => {
					expect(StandIn.byteLength(text)).toBe(real.byteLength(text));
					expect(StandIn.byteLength(bytes)).toBe(real.byteLength(bytes));
				}),
			);
		});

		it("allocates the same", () => {
			expect([...StandIn.alloc(5)]).toEqual([...real.alloc(5)]);
			expect(StandIn.allocUnsafe(5).length).toBe(real.allocUnsafe(5).length);
			expect(StandIn.allocUnsafe(0).length).toBe(0);
		});

		it("knows its own kind", () => {
			for (const value of [new Uint8Array(1), "text", 1, null, undefined, {}])
				expect(StandIn.isBuffer(value)).toBe(real.isBuffer(value));
			expect(StandIn.from([1, 2]) instanceof StandIn).toBe(real.from([1, 2]) instanceof real);
		});

		it("gives a part without copying, as a Buffer", () => {
			fc.assert(
				fc.property(fc.array(fc.nat(255)), fc.integer(), fc.integer(), (bytes, start, end) => {
					const ours = StandIn.from(bytes);
					const part = ours.subarray(start, end);
					expect([...part]).toEqual([...real.from(bytes).subarray(start, end)]);
					expect(StandIn.isBuffer(part)).toBe(true);
					expect(part.buffer).toBe(ours.buffer);
				}),
			);
		});

		it("writes the same numbers", () => {
			fc.assert(
				fc.property(fc.nat(255), fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(4), (byte, long, at) => {
					const ours = StandIn.alloc(8);
					const theirs = real.alloc(8);
					expect(ours.writeUInt8(byte, at + 3)).toBe(theirs.writeUInt8(byte, at + 3));
					expect(ours.writeUInt32BE(long, at)).toBe(theirs.writeUInt32BE(long, at));
					expect([...ours]).toEqual([...theirs]);
				}),
			);
		});
	}
});
