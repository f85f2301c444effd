import { decode, ExtData, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DocumentRefusal, type JsonValue } from "../../firmware/model/document.js";
import { readMessagePack } from "../../firmware/model/message-pack-reader.js";
import { plainText } from "../virtual/text.js";
import { countOf, plain, remoteDocuments } from "./remote.js";

function read(bytes: ArrayLike<number>): JsonValue {
	return readMessagePack(Uint8Array.from(bytes), plainText);
}

/** What a document is refused for; "taken" when it is not. Anything but a refusal is thrown on. */
function verdict(bytes: ArrayLike<number>): string {
	try {
		read(bytes);
		return "taken";
	} catch (error) {
		if (error instanceof DocumentRefusal) return error.message;
		throw error;
	}
}

/** `head` and as many zeros. */
function zeros(head: readonly number[], count: number): number[] {
	return [...head, ...new Array<number>(count).fill(0)];
}

describe("reading MessagePack", () => {
	it("gives what the reference wrote, for every document within the bounds", () => {
		fc.assert(
			fc.property(remoteDocuments, fc.boolean(), (value, forceFloat32) => {
				const bytes = encode(value, { forceFloat32 });
				const expected = decode(bytes);
				fc.pre(allFinite(expected)); // 32 bits do not hold every number
				expect(plain(read(bytes))).toEqual(expected);
			}),
			{ numRuns: 1_000 },
		);
	});

	it("gives what the reference gives, or refuses, for any bytes", () => {
		let taken = 0;
		const noise = fc.oneof(
			fc.uint8Array({ maxLength: 40 }),
			fc.tuple(remoteDocuments, fc.nat(), fc.nat(255)).map(([value, place, byte]) => {
				const bytes = encode(value);
				bytes[place % bytes.length] = byte;
				return bytes;
			}),
		);
		fc.assert(
			fc.property(noise, (bytes) => {
				if (verdict(bytes) !== "taken") return;
				taken++;
				const mine = plain(read(bytes));
				if (hasProto(mine)) return; // the reference refuses this name
				expect(mine).toEqual(decode(bytes));
			}),
			{ numRuns: 3_000 },
		);
		expect(taken).toBeGreaterThan(200);
	});

	it("refuses every document that is cut short, at whatever byte", () => {
		const long = {
			id: "a1",
			set: { pump: "ON", lamp: { state: "ON", brightness: 40 } },
			list: [1, -1, 1.5, 0.1, null],
		};
		const documents = [long, "x".repeat(300), 2 ** 40, -(2 ** 40), 70_000, "y".repeat(40), [true, "", {}]];
		for (const value of documents) {
			const bytes = encode(value);
			for (let end = 0; end < bytes.length; end++)
				expect(verdict(bytes.subarray(0, end))).toBe("the MessagePack document is cut short");
			expect(verdict([...bytes, 0])).toBe("something follows the MessagePack document");
		}
	});

	it.each([
		["a byte that means nothing", [0xc1], "this is no MessagePack document"],
		["one in an array", [0x91, 0xc1], "this is no MessagePack document"],
		["binary data of 8 bits", [0xc4, 1, 0], "binary data"],
		["binary data of 16 bits", [0xc5, 0, 1, 0], "binary data"],
		["binary data of 32 bits", [0xc6, 0, 0, 0, 1, 0], "binary data"],
		["fixext 1", zeros([0xd4, 1], 1), "an extension type"],
		["fixext 2", zeros([0xd5, 1], 2), "an extension type"],
		["fixext 4, a timestamp", zeros([0xd6, 0xff], 4), "an extension type"],
		["fixext 8", zeros([0xd7, 0xff], 8), "an extension type"],
		["fixext 16", zeros([0xd8, 1], 16), "an extension type"],
		["ext 8", [0xc7, 0, 1], "an extension type"],
		["ext 16", [0xc8, 0, 0, 1], "an extension type"],
		["ext 32", [0xc9, 0, 0, 0, 0, 1], "an extension type"],
		["a name that is a number", [0x81, 1, 2], "a name is no text"],
		["a name that is nil", [0x81, 0xc0, 2], "a name is no text"],
		["a name that is a map", [0x81, 0x80, 2], "a name is no text"],
		["a name that is binary", [0x81, 0xc4, 1, 0x61, 2], "a name is no text"],
		["the same name twice", [0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2], "a name comes twice"],
		["the same name in two forms", [0x82, 0xa1, 0x61, 1, 0xd9, 1, 0x61, 2], "a name comes twice"],
		["NaN of 32 bits", [0xca, 0x7f, 0xc0, 0, 0], "a number is out of range"],
		["Infinity of 32 bits", [0xca, 0x7f, 0x80, 0, 0], "a number is out of range"],
		["NaN of 64 bits", zeros([0xcb, 0x7f, 0xf8], 6), "a number is out of range"],
		["-Infinity of 64 bits", zeros([0xcb, 0xff, 0xf0], 6), "a number is out of range"],
		["2^53 as uint 64", zeros([0xcf, 0, 0x20], 6), "a number is out of range"],
		["2^64 - 1", [0xcf, 255, 255, 255, 255, 255, 255, 255, 255], "a number is out of range"],
		["-2^53 as int 64", zeros([0xd3, 0xff, 0xe0], 6), "a number is out of range"],
		["-2^63", zeros([0xd3, 0x80], 7), "a number is out of range"],
		["text that is not UTF-8", [0xa1, 0xff], "not valid UTF-8"],
		["text with half a surrogate pair", [0xa3, 0xed, 0xa0, 0x80], "not valid UTF-8"],
		["a name that is not UTF-8", [0x81, 0xa1, 0xff, 1], "not valid UTF-8"],
	])("refuses %s", (_, bytes, why) => {
		expect(verdict(bytes)).toContain(why);
	});

	it("refuses extension types as the reference writes them", () => {
		expect(verdict(encode({ at: new Date(0) }))).toContain("an extension type");
		expect(verdict(encode(new ExtData(5, new Uint8Array(40))))).toContain("an extension type");
	});

	it.each([
		["text", [0xdb, 0xff, 0xff, 0xff, 0xff, 0x61], "cut short"],
		["a name", [0x81, 0xdb, 0xff, 0xff, 0xff, 0xff, 0x61], "cut short"],
		["an array", [0xdd, 0xff, 0xff, 0xff, 0xff, 1], "too many values"],
		["a map", [0xdf, 0xff, 0xff, 0xff, 0xff, 0xa1, 0x61, 1], "too many values"],
		["an array of 16 bits", [0xdc, 0xff, 0xff, 1], "too many values"],
	])("pays nothing for the four billion that %s announces", (_, bytes, why) => {
		const from = performance.now();
		for (let i = 0; i < 1_000; i++) expect(verdict(bytes)).toContain(why);
		expect(performance.now() - from).toBeLessThan(5_000); // one of them, if believed, would take longer
	});

	it.each([
		[[0x80], new Map()],
		[[0xdf, 0, 0, 0, 1, 0xd9, 1, 0x61, 0xcc, 5], new Map([["a", 5]])],
		[[0xcf, 0, 0x1f, 255, 255, 255, 255, 255, 255], Number.MAX_SAFE_INTEGER],
		[[0xd3, 0xff, 0xe0, 0, 0, 0, 0, 0, 1], Number.MIN_SAFE_INTEGER],
		[[0xd3, 0, 0, 0, 0, 0, 0, 0, 7], 7],
		[[0xd0, 0x80], -128],
		[[0xd1, 0x80, 0], -32_768],
		[[0xd2, 0x80, 0, 0, 0], -(2 ** 31)],
		[[0xff], -1],
		[[0xe0], -32],
		[[0xca, 0x41, 0xac, 0, 0], 21.5],
	])("reads %j", (bytes, value) => {
		expect(read(bytes)).toEqual(value);
	});

	it("keeps a name such as __proto__ away from every property", () => {
		const bytes = [0x82, 0xa9, ...plainText.encode("__proto__"), 0x81, 0xa1, 0x61, 1, 0xa1, 0x62, 2];
		expect((read(bytes) as Map<string, JsonValue>).get("__proto__")).toEqual(new Map([["a", 1]]));
		expect(({} as Record<string, unknown>).a).toBeUndefined();
	});

	it("takes a document that is just as deep and as large as allowed, and not one more", () => {
		expect(verdict([0x91, 0x91, 0x91, 0x91, 1])).toBe("taken");
		expect(verdict([0x91, 0x91, 0x91, 0x91, 0x91, 1])).toContain("nested more than 4 deep");
		expect(verdict(new Array<number>(10_000).fill(0x91))).toContain("nested more than 4 deep");
		expect(verdict(zeros([0xdc, 0, 63], 63))).toBe("taken");
		expect(verdict(zeros([0xdc, 0, 64], 64))).toContain("too many values");
		expect(countOf(decode(Uint8Array.from(zeros([0xdc, 0, 63], 63))))).toBe(64);
	});

	it("reads a document that lies in the middle of other bytes", () => {
		const block = Uint8Array.from([9, 9, 0xcb, 0x40, 0x35, 0x87, 0xae, 0x14, 0x7a, 0xe1, 0x48, 9]);
		expect(readMessagePack(block.subarray(2, 11), plainText)).toBe(21.53);
	});
});

function allFinite(value: unknown): boolean {
	if (typeof value === "number") return Number.isFinite(value);
	return typeof value !== "object" || value === null || Object.values(value).every(allFinite);
}

function hasProto(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	return Object.entries(value).some(([name, member]) => name === "__proto__" || hasProto(member));
}
