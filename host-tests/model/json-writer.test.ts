import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json } from "../../firmware/model/json.js";
import { JsonWriter } from "../../firmware/model/json-writer.js";
import { formatNumber } from "../../firmware/model/quantity.js";
import { plainText } from "../virtual/text.js";
import { integers, meaning, numbers, type Part, write, written } from "./documents.js";

const ROOM = 400_000;
const writer = new JsonWriter(new Uint8Array(ROOM), plainText);

function textOf(run: (to: JsonWriter) => void): string {
	writer.begin();
	run(writer);
	expect(writer.length).toBeLessThanOrEqual(ROOM);
	const bytes = writer.written();
	return plainText.decode(bytes, 0, bytes.length);
}

describe("writing JSON", () => {
	it("gives what JSON.parse reads back, for every document", () => {
		fc.assert(
			fc.property(written, (part) => {
				expect(JSON.parse(textOf((to) => write(to, part, json)))).toEqual(meaning(part));
			}),
			{ numRuns: 300 },
		);
	});

	it("writes a number as formatNumber would, digit by digit", () => {
		fc.assert(
			fc.property(numbers, fc.nat(6), (value, decimals) => {
				const expected = Number.isFinite(value) ? formatNumber(value, decimals) : "null";
				expect(textOf((to) => to.number(value, decimals))).toBe(expected);
			}),
			{ numRuns: 3_000 },
		);
	});

	it("writes every whole number of up to 53 bits", () => {
		fc.assert(
			fc.property(integers, (value) => {
				expect(textOf((to) => to.integer(value))).toBe(String(value));
			}),
			{ numRuns: 3_000 },
		);
	});

	it.each([
		[21.500000000000004, 2, "21.5"],
		[0.05, 2, "0.05"],
		[-0.04, 1, "0"],
		[-0.06, 1, "-0.1"],
		[100, 2, "100"],
		[2_147_483.647, 3, "2147483.647"],
		[2_147_483.648, 3, "2147483.648"],
		[Number.NaN, 1, "null"],
		[Number.NEGATIVE_INFINITY, 1, "null"],
	])("writes %s with %i decimals as %s", (value, decimals, expected) => {
		expect(textOf((to) => to.number(value, decimals))).toBe(expected);
	});

	it("puts commas where they belong, whatever comes", () => {
		const text = textOf((to) => {
			to.object(3);
			to.name(json.name("a", plainText));
			to.array();
			to.integer(1);
			to.nothing();
			to.endArray(2);
			to.name(json.name("b", plainText));
			to.object(0);
			to.endObject();
			to.name(json.name('"c"', plainText));
			to.number(-0.5, 1);
			to.endObject();
		});
		expect(text).toBe('{"a":[1,null],"b":{},"\\"c\\"":-0.5}');
	});

	it("says that a document does not fit, at every size that is too small, and writes nothing beyond its block", () => {
		const part: Part = {
			kind: "object",
			members: [
				["käse", { kind: "nothing" }],
				["number", { kind: "number", value: -12.25, decimals: 2 }],
				["large", { kind: "number", value: 1e12, decimals: 2 }],
				["list", { kind: "array", items: [{ kind: "integer", value: 1 }, { kind: "nothing" }] }],
			],
		};
		const whole = plainText.encode(textOf((to) => write(to, part, json))).length;
		for (let size = 0; size <= whole; size++) {
			const block = new Uint8Array(whole + 8).fill(0xee);
			const small = new JsonWriter(block.subarray(4, 4 + size), plainText);
			write(small, part, json);
			expect([size, small.length <= size]).toEqual([size, size === whole]);
			expect([...block.subarray(0, 4), ...block.subarray(4 + size)].every((byte) => byte === 0xee)).toBe(true);
		}
	});

	it("takes back what did not fit", () => {
		const small = new JsonWriter(new Uint8Array(8), plainText);
		small.array();
		small.integer(12);
		const { length } = small;
		small.integer(1_234_567);
		expect(small.length).toBeGreaterThan(8);
		small.rewind(length);
		small.endArray(1);
		expect(plainText.decode(small.written(), 0, small.length)).toBe("[12]");
	});
});
