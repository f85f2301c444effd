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
	"21.5",
	"-0",
	"true",
	"null",
	'"a":-7e-9',
	"},",
];

describe("reading a plain JSON object", () => {
	it.each([
		'{"id":"c00","set":{"pump":"ON"}}',
		'{"id": "c00", "set": {"pump": "ON", "fan": "OFF"}, "do": "report"}',
		'{"set":{"pump":"ON"},"id":"é😀"}',
		'{"do":"restart"}',
		'{"":""}',
		'{"set":{"target":21.5}}',
		'{"id":"a","set":{"target":-0.25,"pump":"ON","level": 0},"expires":1790000000000}',
		'{"expires": 1790000000000, "set": {"lamp": true, "fan": false, "mode": null}, "log":"off"}',
		'{"a":1e+21,"b":5e-324,"c":1.50}',
		'{"a":-0,"b":1 }',
		`{${Array.from({ length: 31 }, (_, n) => `"${n}":${n}`).join()}}`,
	])("reads %s", (json) => {
		expect(plain(readPlainObject(json) as Map<string, JsonValue>)).toEqual(JSON.parse(json));
	});

	it.each([
		["", "nothing"],
		["{}", "an object without members"],
		['{"a":01}', "a number that JSON has not"],
		['{"a":0x10}', "a number of other languages"],
		['{"a":}', "no value"],
		['{"a":NaN}', "no number"],
		['{"a":1e999}', "a number out of range"],
		['{"a":.5}', "a number without its beginning"],
		['{"a":{}}', "an object without members"],
		['{"a":[]}', "a list without items"],
		['{"a":[1,2]}', "a list"],
		[`{"a":${"[".repeat(3_000)}}`, "lists without end"],
		[`{"a":${"1".repeat(30)}}`, "a number that is longer than numbers are"],
		['{"a":1', "no end behind a number"],
		['{"a":1,2}', "a value without a name"],
		['{"a":tru}', "half a word"],
		['{"a" 1}', "no colon"],
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
