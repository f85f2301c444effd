import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DocumentRefusal, type JsonValue } from "../../firmware/model/document.js";
import { readJson } from "../../firmware/model/json.js";
import { plainText } from "../virtual/text.js";

function read(json: string | Uint8Array): JsonValue {
	return readJson(typeof json === "string" ? plainText.encode(json) : json, plainText);
}

/** What `JSON.parse` gives for the same value. */
function plain(value: JsonValue): unknown {
	if (Array.isArray(value)) return value.map(plain);
	if (!(value instanceof Map)) return value;
	const object = Object.create(null) as Record<string, unknown>;
	for (const [name, member] of value) object[name] = plain(member);
	return object;
}

function bare(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value), (_, each) =>
		typeof each === "object" && each !== null && !Array.isArray(each) ? Object.assign(Object.create(null), each) : each,
	);
}

/** Small enough for the bounds, with every kind of name and text. */
const documents = fc.jsonValue({ maxDepth: 3, stringUnit: "binary" }).filter((value) => count(value) <= 64);

function count(value: unknown): number {
	if (typeof value !== "object" || value === null) return 1;
	return Object.values(value).reduce((sum: number, each) => sum + count(each), 1);
}

describe("reading JSON", () => {
	it("gives what JSON.parse gives, for every document within the bounds", () => {
		fc.assert(
			fc.property(documents, fc.constantFrom("", " ", "\t", "\n  "), (value, space) => {
				const json = JSON.stringify(value, undefined, space);
				expect(plain(read(json))).toEqual(bare(value));
			}),
			{ numRuns: 500 },
		);
	});

	it("refuses what JSON.parse refuses, however little is wrong with it", () => {
		let refused = 0;
		fc.assert(
			fc.property(documents, fc.nat(), fc.nat(255), (value, place, byte) => {
				const bytes = plainText.encode(JSON.stringify(value));
				bytes[place % bytes.length] = byte;
				const expected = outcome(() => JSON.parse(plainText.decode(bytes, 0, bytes.length)));
				const got = outcome(() => read(bytes));
				if (expected === "throws") {
					expect(got).toBe("throws");
					refused++;
				}
			}),
			{ numRuns: 1_000 },
		);
		expect(refused).toBeGreaterThan(200);
	});

	it("throws nothing but DocumentRefusal, for any bytes", () => {
		fc.assert(
			fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.string().map(plainText.encode)), (bytes) => {
				try {
					read(bytes);
				} catch (error) {
					expect(error).toBeInstanceOf(DocumentRefusal);
				}
			}),
		);
	});

	it.each([
		["-0", -0],
		["1e308", 1e308],
		["0.5", 0.5],
		["-1.25E-2", -0.0125],
		['"\\u00e9\\n\\ud83d\\ude00"', "é\n😀"],
		[" true ", true],
		["null", null],
	])("reads %s", (json, value) => {
		expect(read(json)).toBe(value);
	});

	it("keeps a name such as __proto__ away from every property", () => {
		const value = read('{"__proto__":{"pump":"ON"},"constructor":1}');
		expect(value).toBeInstanceOf(Map);
		expect((value as Map<string, JsonValue>).get("__proto__")).toBeInstanceOf(Map);
		expect(({} as Record<string, unknown>).pump).toBeUndefined();
	});

	it.each([
		["", "this is no JSON document"],
		["01", "something follows the JSON document"],
		["1 2", "something follows the JSON document"],
		["1e309", "a number is out of range"],
		["NaN", "this is no JSON document"],
		["+1", "this is no JSON document"],
		["1.", "this is no JSON document"],
		["tru", "this is no JSON document"],
		["{", "a name in quotation marks is missing in the JSON document"],
		['{"a":1,}', "a name in quotation marks is missing in the JSON document"],
		['{"a" 1}', "a colon is missing in the JSON document"],
		['{"a":1', "a closing brace is missing in the JSON document"],
		["[1", "a closing bracket is missing in the JSON document"],
		['"a', "a JSON string does not end"],
		['"a\\', "a JSON string does not end"],
		['"\\x"', "a JSON string holds a wrong escape"],
		['"a\nb"', "a control character stands in a JSON string"],
		['{"a":1,"\\u0061":2}', "a name comes twice in the JSON document"],
		["[[[[[1]]]]]", "the JSON document is nested more than 4 deep"],
		[`[${"1,".repeat(63)}1]`, "the JSON document has too many values"],
	])("refuses %s: %s", (json, why) => {
		expect(() => read(json)).toThrow(new DocumentRefusal(why));
	});

	it("takes a document that is just as deep and as large as allowed", () => {
		expect(plain(read("[[[[1]]]]"))).toEqual([[[[1]]]]);
		expect(read(`[${"1,".repeat(62)}1]`)).toHaveLength(63);
	});

	it("refuses bytes that are not UTF-8 in plain words", () => {
		expect(() => read(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(new DocumentRefusal("the text is not valid UTF-8"));
	});
});

function outcome(run: () => unknown): "fine" | "throws" {
	try {
		run();
		return "fine";
	} catch {
		return "throws";
	}
}
