import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	aliasOf,
	bodyAtOf,
	bodyStart,
	flagsOf,
	HEAD_BYTES_MAX,
	headOf,
	idAtOf,
	isRepeated,
	NO_HEAD,
	sizeOf,
} from "../../firmware/mqtt/head.js";

describe("the head of a message", () => {
	it("is one number, and every part of it comes back", () => {
		fc.assert(
			fc.property(
				fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 10, 11, 12, 13),
				fc.nat(HEAD_BYTES_MAX),
				fc.nat(HEAD_BYTES_MAX),
				fc.integer({ min: 2, max: 5 }),
				fc.nat(15),
				(...parts) => {
					const head = headOf(...parts);
					expect([flagsOf(head), idAtOf(head), sizeOf(head), bodyAtOf(head), aliasOf(head)]).toEqual(parts);
				},
			),
		);
	});

	it("that is none belongs to no message: QoS 3 does not exist [MQTT-3.3.1-4]", () => {
		expect((flagsOf(NO_HEAD) >> 1) & 3).toBe(3);
	});

	it("is kept for messages that may come again", () => {
		expect(isRepeated(undefined)).toBe(true);
		expect(isRepeated({ contentType: "a" })).toBe(true);
		expect(isRepeated({ correlationData: new Uint8Array(1) })).toBe(false);
		expect(isRepeated({ messageExpiryS: 1 })).toBe(false);
		expect(isRepeated({ responseTopic: "a" })).toBe(false);
		expect(isRepeated({ userProperties: [] })).toBe(false);
	});

	it.each([
		[[0x30, 0x00], 2],
		[[0x30, 0x7f, 0xff], 2],
		[[0x30, 0x80, 0x01], 3],
		[[0x30, 0x80, 0x80, 0x01], 4],
	])("of %j ends its length at %i", (bytes, at) => {
		expect(bodyStart(Uint8Array.from(bytes))).toBe(at);
	});
});
