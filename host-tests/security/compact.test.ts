import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Compact, CompactWriter, bytesOf as textOrBytes } from "../../firmware/security/compact.js";
import { pcText } from "../../scripts/board/text.js";
import { bytesOf } from "../trust/owner.js";

describe("a compact serialisation", () => {
	it("that was written is read again, and is as long as foreseen", () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }), (parts) => {
				// A first part of nothing would leave out its dot; headers are never nothing.
				const all = [Uint8Array.of(1), ...parts.slice(1)];
				const writer = new CompactWriter(all.map(({ length }) => length));
				for (const part of all) writer.add(part);
				const text = Buffer.from(writer.token).toString();
				expect(text).toBe(all.map((part) => Buffer.from(part).toString("base64url")).join("."));
				const compact = new Compact(writer.token);
				expect(compact.parts).toBe(all.length);
				for (const [index, part] of all.entries()) expect([...compact.part(index)]).toEqual([...part]);
				expect(Buffer.from(compact.upTo(0)).toString()).toBe("AQ");
			}),
		);
	});

	it("has as many parts as it has dots, and one", () => {
		expect(["", "a", "a.b", "..", "....", "......."].map((text) => new Compact(bytesOf(text)).parts)).toEqual([
			1, 1, 2, 3, 5, 6,
		]);
	});

	it("of too many bytes is none", () => {
		expect(() => new Compact(new Uint8Array(3_901))).toThrow("longer than 3900 bytes");
	});
});

it("a payload is bytes in UTF-8", () => {
	expect([...textOrBytes("ä", pcText)]).toEqual([0xc3, 0xa4]);
	expect([...textOrBytes(Uint8Array.of(1), pcText)]).toEqual([1]);
});
