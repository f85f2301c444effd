import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readVarint, VARINT_MAX, varintSize, writeVarint } from "../../firmware/mqtt/varint.js";
import { hex, toHex } from "./bench.js";

describe("Variable Byte Integers (MQTT 5 §1.5.5)", () => {
	it("reads back what it wrote, in the announced size", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: VARINT_MAX }), fc.nat(3), (value, at) => {
				const into = new Uint8Array(8);
				const end = writeVarint(into, at, value);
				expect(end - at).toBe(varintSize(value));
				expect(readVarint(into, at, end)).toBe(value);
				for (let cut = at; cut < end; cut++) expect(readVarint(into, at, cut)).toBe(-1);
			}),
		);
	});

	it("agrees with the specification's table of sizes", () => {
		const table = { 0: "00", 127: "7f", 128: "80 01", 16383: "ff 7f", 16384: "80 80 01", 2097151: "ff ff 7f" };
		for (const [value, bytes] of Object.entries({ ...table, 2097152: "80 80 80 01", 268435455: "ff ff ff 7f" })) {
			const into = new Uint8Array(4);
			expect(toHex(into.subarray(0, writeVarint(into, 0, Number(value))))).toBe(bytes);
		}
	});

	it("refuses longer forms than needed and more than four bytes, as soon as they show [MQTT-1.5.5-1]", () => {
		for (const bytes of ["80 00", "ff 80 00", "80 80 80 00", "80 80 80 80", "ff ff ff ff 7f"])
			expect(readVarint(hex(bytes), 0, hex(bytes).length)).toBe(-2);
	});
});
