import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainText } from "./text.js";

// Node has them; the rest of this folder must do without, so its compiler settings do not know them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string };

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

describe("plainText", () => {
	it("property: encodes as the platform does", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
				(text) => {
					expect(plainText.encode(text)).toEqual(new TextEncoder().encode(text));
				},
			),
		);
	});

	it("property: decodes as the platform does, and refuses what it refuses", () => {
		const bytes = fc.oneof(
			fc.uint8Array({ maxLength: 12 }),
			fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
		);
		let refused = 0;
		fc.assert(
			fc.property(bytes, (given) => {
				let wanted: string | undefined;
				try {
					wanted = strict.decode(given);
				} catch {
					refused++;
				}
				if (wanted === undefined) expect(() => plainText.decode(given, 0, given.length)).toThrow("malformed UTF-8");
				else expect(plainText.decode(given, 0, given.length)).toBe(wanted);
			}),
			{ numRuns: 2_000 },
		);
		expect(refused).toBeGreaterThan(100);
	});

	it("refuses every overlong form, half a pair, and what is above the last code point", () => {
		for (const bytes of [
			[0xc0, 0x80],
			[0xc1, 0xbf],
			[0xe0, 0x9f, 0xbf],
			[0xf0, 0x8f, 0xbf, 0xbf],
			[0xed, 0xa0, 0x80],
			[0xf4, 0x90, 0x80, 0x80],
			[0xff],
		]) {
			expect(() => plainText.decode(Uint8Array.from(bytes), 0, bytes.length)).toThrow("malformed UTF-8");
		}
	});

	it("decodes a part, and writes only what fits whole", () => {
		const bytes = new TextEncoder().encode("aé€𝄞z");
		expect(plainText.decode(bytes, 1, 6)).toBe("é€");
		expect(() => plainText.decode(bytes, 1, 5)).toThrow("malformed UTF-8");
		const into = new Uint8Array(6);
		expect(plainText.write("é€", into, 1)).toBe(5);
		expect([...into]).toEqual([0, 0xc3, 0xa9, 0xe2, 0x82, 0xac]);
		expect(plainText.write("é€", into, 2)).toBe(-1);
		expect(plainText.write("", into, 6)).toBe(0);
	});
});
