import fc from "fast-check";
import { expect, it } from "vitest";
import { readOrder } from "../../firmware/update/order.js";
import { plainText } from "../virtual/text.js";

const read = (text: string) => readOrder(plainText.encode(text), plainText);

it("reads orders, and knows its own reports", () => {
	expect(read('{"manifest":"a.b.c"}')).toEqual({ kind: "install", manifest: "a.b.c", url: "" });
	expect(read('{"url":"https://h/f","manifest":"a"}')).toEqual({ kind: "install", manifest: "a", url: "https://h/f" });
	expect(read('{"do":"cancel"}')).toEqual({ kind: "cancel" });
	expect(readOrder(new Uint8Array([0x81, 0xa5]), plainText)).toEqual({ kind: "none" });
	expect(read('{"state":"fetching","done":1,"of":2,"blocks":[1,2,3,4],"time":null}')).toEqual({ kind: "none" });
});

it.each([
	"",
	"ON",
	"[]",
	"{}",
	'{"do":"restart"}',
	'{"do":"cancel","manifest":"a"}',
	'{"manifest":1}',
	'{"manifest":"a","url":2}',
	'{"manifest":"a","url":"http://h/f"}',
	'{"manifest":"a","version":"1"}',
	'{"url":"https://h/f"}',
])("refuses %s", (text) => {
	expect(() => read(text)).toThrow(/^[a-z].{10,}/);
});

it("throws nothing but sentences, whatever comes", () => {
	fc.assert(
		fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.json({ maxDepth: 6 }).map(plainText.encode)), (bytes) => {
			try {
				readOrder(bytes, plainText);
				return true;
			} catch (error) {
				return error instanceof Error && !(error instanceof TypeError || error instanceof RangeError);
			}
		}),
		{ numRuns: 3_000 },
	);
});
