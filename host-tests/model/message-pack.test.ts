import { decode, encode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messagePack } from "../../firmware/model/message-pack.js";
import { plainText } from "../virtual/text.js";
import { remoteDocuments } from "./remote.js";

describe("MessagePack on the wire", () => {
	it("makes of a document of our own what the reference makes of it, byte for byte", () => {
		fc.assert(
			fc.property(remoteDocuments, (value) => {
				const json = JSON.stringify(value);
				const payload = messagePack.payload(json, plainText) as Uint8Array;
				expect(decode(payload)).toEqual(JSON.parse(json));
				const hasFloat = /\d[.e]/.test(json); // there we are shorter
				if (!hasFloat) expect([...payload]).toEqual([...encode(JSON.parse(json))]);
				expect(payload.length).toBeLessThanOrEqual(encode(JSON.parse(json)).length);
			}),
			{ numRuns: 1_000 },
		);
	});

	it("takes every number for what it is, and gives it back so", () => {
		const numbers = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.maxSafeInteger());
		fc.assert(
			fc.property(numbers, (value) => {
				const payload = messagePack.payload(JSON.stringify(value), plainText) as Uint8Array;
				expect(decode(payload)).toBe(value + 0);
				expect(messagePack.read(payload, plainText)).toBe(value + 0);
			}),
			{ numRuns: 1_000 },
		);
	});

	it("has room for a `health` that names hundreds of silent sensors", () => {
		const health = { uptimeS: 7, stale: Array.from({ length: 400 }, (_, i) => `sensor-${i}`) };
		expect(decode(messagePack.payload(JSON.stringify(health), plainText) as Uint8Array)).toEqual(health);
	});

	it("prepares names of every length", () => {
		for (const length of [1, 31, 32, 33, 255, 256]) {
			const name = "é".repeat(length);
			expect([...messagePack.name(name)]).toEqual([...encode(name)]);
		}
	});

	it("is called what IANA calls it", () => {
		expect([messagePack.id, messagePack.contentType]).toEqual(["msgpack", "application/vnd.msgpack"]);
	});
});
