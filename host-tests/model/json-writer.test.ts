import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json } from "../../firmware/model/json.js";
import { JsonWriter } from "../../firmware/model/json-writer.js";
import { formatNumber } from "../../firmware/model/quantity.js";
import { integers, meaning, numbers, write, written } from "./documents.js";

const writer = new JsonWriter(1_000);

function textOf(run: (to: JsonWriter) => void): string {
	writer.begin();
	run(writer);
	const { length } = writer;
	expect(writer.written()).toHaveLength(length);
	return writer.written();
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

	it("writes a number as formatNumber does", () => {
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
			to.name(json.name("a"));
			to.array();
			to.integer(1);
			to.nothing();
			to.endArray(2);
			to.name(json.name("b"));
			to.object(0);
			to.endObject();
			to.name(json.name('"c"'));
			to.number(-0.5, 1);
			to.endObject();
		});
		expect(text).toBe('{"a":[1,null],"b":{},"\\"c\\"":-0.5}');
	});

	it("takes back what was written since the mark, and nothing else", () => {
		writer.begin();
		writer.array();
		writer.integer(12);
		writer.mark();
		const { length } = writer;
		writer.integer(1_234_567);
		expect(writer.length).toBe(length + 8);
		writer.rewind();
		expect(writer.length).toBe(length);
		writer.endArray(1);
		expect(writer.written()).toBe("[12]");
	});

	it("begins anew, whatever was marked", () => {
		writer.begin();
		writer.array();
		writer.mark();
		expect(textOf((to) => to.integer(1))).toBe("1");
	});
});
