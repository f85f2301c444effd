import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messagePack } from "../../firmware/model/message-pack.js";
import { MessagePackWriter } from "../../firmware/model/message-pack-writer.js";
import { formatNumber } from "../../firmware/model/quantity.js";
import { plainText } from "../virtual/text.js";
import { integers, meaning, numbers, type Part, write, written } from "./documents.js";

const writer = new MessagePackWriter(400_000, plainText);

function bytesOf(run: (to: MessagePackWriter) => void): Uint8Array {
	writer.begin();
	run(writer);
	expect(writer.length).toBeLessThanOrEqual(writer.room);
	return writer.written().slice();
}

describe("writing MessagePack", () => {
	it("gives what the reference reads back, for every document", () => {
		fc.assert(
			fc.property(written, (part) => {
				expect(decode(bytesOf((to) => write(to, part, messagePack)))).toEqual(meaning(part));
			}),
			{ numRuns: 300 },
		);
	});

	it("writes texts, whole numbers and words byte for byte as the reference does", () => {
		const plain = fc.oneof(fc.string({ unit: "grapheme", maxLength: 300 }), integers, fc.boolean(), fc.constant(null));
		fc.assert(
			fc.property(plain, (value) => {
				const bytes = bytesOf((to) => {
					if (typeof value === "string") to.text(value);
					else if (typeof value === "number") to.integer(value);
					else if (value === null) to.nothing();
					else to.boolean(value);
				});
				expect([...bytes]).toEqual([...encode(value)]);
			}),
			{ numRuns: 2_000 },
		);
	});

	it("keeps the decimal value of every number exactly, without noise", () => {
		fc.assert(
			fc.property(numbers.filter(Number.isFinite), fc.nat(6), (value, decimals) => {
				const read = decode(bytesOf((to) => to.number(value, decimals)));
				expect(String(read)).toBe(formatNumber(value, decimals));
			}),
			{ numRuns: 3_000 },
		);
	});

	it.each([
		[21.500000000000004, 2, [0xca, 0x41, 0xac, 0, 0]], // 21.5: 32 bits hold it
		[21.53, 2, [0xcb, 0x40, 0x35, 0x87, 0xae, 0x14, 0x7a, 0xe1, 0x48]],
		[21, 2, [21]],
		[-1, 2, [0xff]],
		[-0, 1, [0]],
		[-0.04, 1, [0]],
		[Number.NaN, 1, [0xc0]],
		[Number.POSITIVE_INFINITY, 1, [0xc0]],
		[1e300, 2, [0xcb, 0x7e, 0x37, 0xe4, 0x3c, 0x88, 0x00, 0x75, 0x9c]],
	])("writes %s with %i decimals in the shortest form that keeps it", (value, decimals, expected) => {
		expect([...bytesOf((to) => to.number(value, decimals))]).toEqual(expected);
	});

	it("says that a document does not fit, at every size that is too small", () => {
		const part: Part = {
			kind: "object",
			members: [
				["ä".repeat(40), { kind: "nothing" }],
				["number", { kind: "number", value: -12.26, decimals: 2 }],
				["list", { kind: "array", items: [{ kind: "number", value: 0.5, decimals: 2 }, { kind: "nothing" }] }],
				["large", { kind: "integer", value: 2 ** 40 }],
			],
		};
		const whole = bytesOf((to) => write(to, part, messagePack)).length;
		for (let size = 0; size <= whole; size++) {
			const small = new MessagePackWriter(size, plainText);
			write(small, part, messagePack);
			expect([size, small.length <= size]).toEqual([size, size === whole]);
		}
	});

	it("takes back what was written since the mark, and nothing else", () => {
		writer.begin();
		writer.array();
		writer.integer(12);
		writer.mark();
		writer.text("too much");
		writer.rewind();
		writer.endArray(1);
		expect(decode(writer.written())).toEqual([12]);
	});
});
