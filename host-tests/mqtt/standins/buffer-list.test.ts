import { BufferList as RealList } from "bl";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import bufferList from "../../../firmware/mqtt/standins/buffer-list.js";
import { useText } from "../../../firmware/mqtt/standins/text.js";
import { nodeText } from "../bench.js";
import { isWellFormed } from "../packets.js";

beforeAll(() => useText(nodeText));

const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 });

/** The value, or that there is none. */
function outcome(read: () => unknown): unknown {
	try {
		return read();
	} catch {
		return "throws";
	}
}

describe("the stand-in for bl, beside the npm package", () => {
	it("reads the same at every offset, whatever was appended and consumed", () => {
		fc.assert(
			fc.property(chunks, fc.nat(20), fc.nat(20), (parts, consumed, offset) => {
				const ours = bufferList();
				const real = new RealList();
				for (const part of parts) {
					expect(ours.append(part)).toBe(ours);
					real.append(Buffer.from(part));
				}
				expect(ours.length).toBe(real.length);
				ours.consume(consumed);
				real.consume(consumed);
				expect(ours.length).toBe(real.length);
				for (const name of ["readUInt8", "readUInt16BE", "readUInt32BE"] as const) {
					const size = { readUInt8: 1, readUInt16BE: 2, readUInt32BE: 4 }[name];
					const expected = offset + size <= real.length ? real[name](offset) : "throws";
					expect(outcome(() => ours[name](offset))).toBe(expected);
				}
			}),
		);
	});

	it("cuts the same slices and decodes the same text", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: "grapheme" }).filter((text) => isWellFormed(text)),
				fc.nat(9),
				(text, before) => {
					const bytes = Buffer.from(text);
					const ours = bufferList();
					const real = new RealList();
					for (const list of [ours, real]) {
						list.append(Buffer.alloc(before + 1));
						list.append(bytes);
						list.append(Buffer.alloc(2));
					}
					const start = before + 1;
					const end = start + bytes.length;
					expect(ours.toString("utf8", start, end)).toBe(real.toString("utf8", start, end));
					expect([...ours.slice(start, end)]).toEqual([...real.slice(start, end)]);
				},
			),
		);
	});

	it("refuses what bl replaces: text that is not UTF-8", () => {
		const ours = bufferList().append(Uint8Array.of(0xff));
		expect(outcome(() => ours.toString("utf8", 0, 1))).toBe("throws");
	});

	it("is empty at first, and does not copy what is appended alone", () => {
		expect(bufferList().length).toBe(0);
		const bytes = Uint8Array.of(1, 2, 3);
		expect(bufferList().append(bytes).slice(1, 3).buffer).toBe(bytes.buffer);
	});
});
