import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMqttUtf8, isUtf8 } from "../../firmware/mqtt/utf8.js";
import { hex } from "./bench.js";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Node's strict decoder, and no U+0000. */
function expected(bytes: Uint8Array): boolean {
	try {
		return !decoder.decode(bytes).includes("\0");
	} catch {
		return false;
	}
}

describe("UTF-8 Encoded Strings (MQTT 5 §1.5.4)", () => {
	it("takes what Node's strict decoder takes, and no U+0000", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
				expect(isMqttUtf8(bytes, 0, bytes.length)).toBe(expected(bytes));
			}),
			{ numRuns: 5_000 },
		);
	});

	it("agrees around every border of the table of well-formed bytes", () => {
		const edges = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
		const tails = [[], [0x80], [0xbf, 0x80], [0x80, 0x41], [0x80, 0xc0], [0x41, 0x80]];
		for (let lead = 0; lead < 256; lead++) {
			for (const second of edges) {
				for (const tail of tails) {
					const bytes = Uint8Array.of(lead, second, ...tail);
					if (isMqttUtf8(bytes, 0, bytes.length) !== expected(bytes)) expect.fail(`differs at ${bytes}`);
				}
			}
		}
	});

	it("lets a payload of text have U+0000, and is else as strict with it", () => {
		for (const good of ["00", "41 00 42", "f0 9f 98 80", ""]) expect(isUtf8(hex(good), 0, hex(good).length)).toBe(true);
		for (const bad of ["c0 80", "ed a0 80", "f4 90 80 80", "c3", "ff"])
			expect(isUtf8(hex(bad), 0, hex(bad).length)).toBe(false);
	});

	it("looks only where it is told", () => {
		expect(isMqttUtf8(hex("ff 41 ff"), 1, 2)).toBe(true);
		expect(isMqttUtf8(hex("c3 a4"), 0, 1)).toBe(false); // cut within a character
		expect(isMqttUtf8(hex("ef bb bf 41"), 0, 4)).toBe(true); // U+FEFF is a character like others [MQTT-1.5.4-3]
	});
});
