import { describe, expect, it } from "vitest";
import { closeCode, closeWords, statusWords } from "../../firmware/net/websocket-words.js";
import { plainText } from "../virtual/text.js";

/** A Close frame's payload. */
function payload(code: number, reason: string | Uint8Array = ""): Uint8Array {
	return Uint8Array.from([code >> 8, code & 0xff, ...Buffer.from(reason)]);
}

const words = (bytes: Uint8Array): string | undefined => closeWords(plainText, bytes, bytes.length);

describe("why a server closes a WebSocket", () => {
	it("is told in words, with code and reason", () => {
		expect(words(payload(1000))).toBe("it has finished (1000)");
		expect(words(payload(1008, "no müsli"))).toBe("its rules forbid it (1008: no müsli)");
		expect(words(payload(4711, "quota"))).toBe("for a reason of its own (4711: quota)");
		expect(words(new Uint8Array(0))).toBe("it gave no reason");
		expect(closeCode(payload(1013))).toBe(1013);
	});

	it("has words for every code that may be sent (§7.4.1, IANA)", () => {
		const known = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
		for (const code of known) expect(words(payload(code)), String(code)).toMatch(/^[a-z ,]+ \(1\d{3}\)$/);
		expect(new Set(known.map((code) => words(payload(code)))).size).toBe(known.length);
	});

	it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535])("is none with the code %i", (code) => {
		expect(words(payload(code))).toBeUndefined();
	});

	it("is none with half a code, or a reason that is not UTF-8 (§8.1)", () => {
		expect(words(Uint8Array.of(3))).toBeUndefined();
		expect(words(payload(1000, Uint8Array.of(0xc3)))).toBeUndefined();
	});
});

describe("why a server does not open one", () => {
	it.each([
		[200, "there is an ordinary web page at the path /mqtt"],
		[302, "the server sends us elsewhere, write that address into the settings"],
		[400, "the server does not take this as the beginning of a WebSocket"],
		[401, "the server wants to know who asks before it opens the WebSocket"],
		[403, "the server does not let this device in"],
		[404, "there is nothing at the path /mqtt, most brokers use /mqtt"],
		[426, "the server does not take this as the beginning of a WebSocket"],
		[429, "the server is asked too often"],
		[503, "the server, or something in front of it, is out of order"],
		[418, "the server gave an answer that opens nothing"],
	])("is told for %i", (status, expected) => {
		expect(statusWords(status, "/mqtt?token=secret")).toBe(`WebSocket refused: ${expected} (${status})`);
	});
});
