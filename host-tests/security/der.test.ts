import { describe, expect, it } from "vitest";
import { BOOLEAN, DerReader, hex, INTEGER, SEQUENCE } from "../../firmware/security/der.js";
import { Refused } from "../../firmware/security/refused.js";

function reader(text: string): DerReader {
	return new DerReader(Uint8Array.from(Buffer.from(text, "hex")));
}

describe("lengths (X.690 §10.1)", () => {
	it.each([
		["0400", 0],
		[`047f${"00".repeat(127)}`, 127],
		[`048180${"00".repeat(128)}`, 128],
		[`04820100${"00".repeat(256)}`, 256],
	])("%.8s...: %i bytes", (text, length) => {
		expect(reader(text).content(4)).toHaveLength(length);
	});

	it.each([
		["indefinite", "0480" + "0000"],
		["not the shortest, 1 byte", `04817f${"00".repeat(127)}`],
		["not the shortest, 2 bytes", `04820080${"00".repeat(128)}`],
		["more than 3 bytes of it", "048401000000"],
		["longer than what there is", "040300"],
		["longer than what there is, by far", "0483ffffff00"],
		["cut short", "0482ff"],
		["missing", "04"],
	])("%s: refused", (_, text) => {
		expect(() => reader(text).content(4)).toThrow(Refused);
	});

	it("end at the element around them", () => {
		const inner = reader("3003040500" + "00000000").enter(SEQUENCE);
		expect(() => inner.content(4)).toThrow("cut short");
	});
});

describe("numbers (§8.3)", () => {
	it.each([
		["020100", 0],
		["02017f", 127],
		["02020080", 128],
		["02047fffffff", 2_147_483_647],
	])("%s: %i", (text, value) => {
		expect(reader(text).smallInteger()).toBe(value);
	});

	it.each([
		["nothing", "0200"],
		["negative", "020180"],
		["padded", "0202007f"],
		["too large", "02050080000000"],
		["of another kind", "040100"],
	])("%s: refused", (_, text) => {
		expect(() => reader(text).smallInteger()).toThrow(Refused);
	});

	it("leave out the zero before a high bit, and no other", () => {
		expect(hex(reader("02020080").unsigned())).toBe("80");
		expect(hex(reader("020100").unsigned())).toBe("00");
	});
});

describe("yes and no (§11.1)", () => {
	it("are 255 and 0, and nothing else", () => {
		expect(reader("0101ff").boolean()).toBe(true);
		expect(reader("010100").boolean()).toBe(false);
		for (const text of ["010101", "0100", "0102ffff"]) expect(() => reader(text).boolean()).toThrow(Refused);
	});
});

describe("walking", () => {
	it("passes over what is optional, and wants nothing left over", () => {
		const list = reader("0101ff020105");
		expect(list.skip(INTEGER)).toBe(false);
		expect(list.skip(BOOLEAN)).toBe(true);
		expect(() => list.finish()).toThrow("left over");
		expect(hex(list.element(INTEGER))).toBe("020105");
		list.finish();
		expect(list.tag()).toBe(-1);
	});

	it("takes bit strings of whole bytes only", () => {
		expect(hex(reader("030200ff").wholeBits())).toBe("ff");
		for (const text of ["0300", "030201fe"]) expect(() => reader(text).wholeBits()).toThrow(Refused);
	});
});
