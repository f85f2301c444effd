import { describe, expect, it } from "vitest";
import {
	BINARY,
	FLAG,
	LONG,
	LONG_NOT_0,
	PAIR,
	TEXT,
	TOPIC,
	VARINT_NOT_0,
	WORD,
	WORD_NOT_0,
} from "../../firmware/mqtt/property-rules.js";
import { NOT_TEXT, OUT_OF_RANGE, PAST_END, skipValue } from "../../firmware/mqtt/property-values.js";
import { hex } from "./bench.js";

/** What is right, with the whole of it as the value; and what is wrong, and how. */
const KINDS: readonly [name: string, kind: number, right: readonly string[], wrong: readonly [string, number][]][] = [
	[
		"a flag",
		FLAG,
		["00", "01"],
		[
			["02", OUT_OF_RANGE],
			["ff", OUT_OF_RANGE],
		],
	],
	["a word", WORD, ["00 00", "ff ff"], []],
	["a word above 0", WORD_NOT_0, ["00 01", "01 00"], [["00 00", OUT_OF_RANGE]]],
	["four bytes", LONG, ["00 00 00 00", "ff ff ff ff"], []],
	["four bytes above 0", LONG_NOT_0, ["00 00 00 01", "01 00 00 00"], [["00 00 00 00", OUT_OF_RANGE]]],
	[
		"a variable number above 0",
		VARINT_NOT_0,
		["01", "7f", "80 01", "ff ff ff 7f"],
		[
			["00", OUT_OF_RANGE],
			["80 00", PAST_END],
			["80 80 80 80 01", PAST_END],
		],
	],
	["binary data", BINARY, ["00 00", "00 02 ff 00"], []],
	[
		"text",
		TEXT,
		["00 00", '00 01 "#"', "00 04 f0 9f 98 80"],
		[
			["00 01 00", NOT_TEXT],
			["00 01 ff", NOT_TEXT],
		],
	],
	[
		"a topic",
		TOPIC,
		['00 03 "a/b"', '00 02 "/$"'],
		[
			["00 00", OUT_OF_RANGE],
			['00 02 "a+"', OUT_OF_RANGE],
			['00 01 "#"', OUT_OF_RANGE],
			["00 01 c3", NOT_TEXT],
		],
	],
	[
		"a pair",
		PAIR,
		["00 00 00 00", '00 01 "n" 00 02 "+#"'],
		[
			["00 01 ff 00 00", NOT_TEXT],
			["00 00 00 01 ff", NOT_TEXT],
		],
	],
];

describe.each(KINDS)("%s", (_name, kind, right, wrong) => {
	it("ends where it should, whatever follows", () => {
		for (const value of right) {
			const bytes = hex(`ee ${value} ff ff`);
			expect(skipValue(kind, bytes, 1, bytes.length - 2), value).toBe(bytes.length - 2);
			expect(skipValue(kind, bytes, 1, bytes.length), value).toBe(bytes.length - 2);
		}
	});

	it("does not run past its end", () => {
		for (const value of right) {
			const bytes = hex(value);
			for (let end = 0; end < bytes.length; end++)
				expect(skipValue(kind, bytes, 0, end), `${value} to ${end}`).toBe(PAST_END);
		}
	});

	it("is not what it must not be", () => {
		for (const [value, what] of wrong) expect(skipValue(kind, hex(value), 0, hex(value).length), value).toBe(what);
	});
});
