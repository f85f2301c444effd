import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Packer, Unpacker } from "../../firmware/runtime/packing.js";

describe("packing", () => {
	it("property: numbers and bytes come back as they were", () => {
		const part = fc.oneof(
			fc.maxSafeNat(),
			fc.double({ noNaN: true }).map((value) => ({ value })),
			fc.uint8Array(),
		);
		fc.assert(
			fc.property(fc.array(part), (parts) => {
				const packer = new Packer(new Uint8Array(4_000));
				for (const one of parts) {
					if (typeof one === "number") packer.whole(one);
					else if (one instanceof Uint8Array) packer.raw(one);
					else packer.double(one.value);
				}
				const unpacker = new Unpacker(packer.bytes, 0, packer.length);
				for (const one of parts) {
					if (typeof one === "number") expect(unpacker.whole()).toBe(one);
					else if (one instanceof Uint8Array) expect(unpacker.raw(one.length)).toEqual(one);
					else expect(unpacker.double()).toBe(one.value);
				}
				expect([unpacker.isDone, unpacker.isOver]).toEqual([true, false]);
			}),
		);
	});

	it("takes one byte up to 127, two up to 16,383", () => {
		const packer = new Packer(new Uint8Array(9));
		packer.whole(127);
		packer.whole(128);
		packer.whole(16_383);
		expect([...packer.bytes.subarray(0, packer.length)]).toEqual([127, 128, 1, 255, 127]);
	});

	it("says what did not fit, and what is not there", () => {
		const packer = new Packer(new Uint8Array(2));
		packer.whole(300);
		expect(packer.fits).toBe(true);
		packer.whole(0);
		expect(packer.fits).toBe(false);
		for (const read of [
			(unpacker: Unpacker) => unpacker.double(),
			(unpacker: Unpacker) => unpacker.raw(3),
			(unpacker: Unpacker) => unpacker.whole() + unpacker.whole(),
			(unpacker: Unpacker) => unpacker.raw(unpacker.whole() * 1e9),
		]) {
			const unpacker = new Unpacker(packer.bytes, 0, 2);
			read(unpacker);
			expect([unpacker.isDone, unpacker.isOver]).toEqual([false, true]);
		}
	});
});
