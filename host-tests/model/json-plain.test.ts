import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../firmware/model/document.js";
import { readPlainObject } from "../../firmware/model/json-plain.js";

/** As `JSON.parse` would have it. */
function plain(members: Map<string, JsonValue>): object {
	return Object.fromEntries([...members].map(([name, each]) => [name, each instanceof Map ? plain(each) : each]));
}

/** What documents are made of, and what must not be taken for it. */
const PARTS = [
	"{",
	"}",
	'"a"',
	'"b"',
	'"c"',
	":",
	",",
	": ",
	", ",
	'"',
	"\\",
	"\n",
	" ",
	"[",
	"1",
	'"a":',
	'"b":{',
	"é",
];

describe("reading a plain JSON object", () => {
	it.each([
		'{"id":"c00","set":{"pump":"ON"}}',
		'{"id": "c00", "set": {"pump": "ON", "fan": "OFF"}, "do": "report"}',
		'{"set":{"pump":"ON"},"id":"é😀"}',
		'{"do":"restart"}',
		'{"":""}',
	])("reads %s", (json) => {
		expect(plain(readPlainObject(json) as Map<string, JsonValue>)).toEqual(JSON.parse(json));
	});

	it.each([
		["", "nothing"],
		["{}", "an object without members"],
		['{"a":1}', "a number"],
		['{"a":{}}', "an empty object in it"],
		['{"a":{"b":{"c":"d"}}}', "three objects deep"],
		['{"a":"\\n"}', "an escape"],
		['{"a":"\n"}', "a control character"],
		['{"a":"b","a":"c"}', "a name that comes twice"],
		['{"a":{"b":"c"},"a":"c"}', "a name that comes twice, once of an object"],
		['{"a":"b"', "no end"],
		['{"a":{"b":"c"}', "one end too few"],
		['{"a":"b"}}', "one end too many"],
		['{"a":"b"}"c":"d"}', "more behind its end"],
		['{"a":"b",}', "a comma before its end"],
		['{"a":{"b":', "its end in the middle"],
		[`{${Array.from({ length: 17 }, (_, n) => `"${n}":"x"`).join()}}`, "more members than are read here"],
	])("leaves %s to the other reader: %s", (json) => {
		expect(readPlainObject(json)).toBeUndefined();
	});

	it("reads nothing that JSON.parse refuses or reads otherwise", () => {
		let read = 0;
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...PARTS), { maxLength: 14 }), (parts) => {
				const json = `{${parts.join("")}}`;
				const members = readPlainObject(json);
				if (members === undefined) return;
				read++;
				expect(plain(members)).toEqual(JSON.parse(json));
			}),
			{ numRuns: 20_000, examples: [[['"a":', '"b"', ",", '"b":{', '"a":', '"c"', "}"]]] },
		);
		expect(read).toBeGreaterThan(0);
	});
});
