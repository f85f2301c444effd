import { describe, expect, it } from "vitest";
import { bodyStart, type Head, isOf, isRepeated, NO_HEAD } from "../../firmware/mqtt/head.js";

describe("the head of a message", () => {
	it("belongs to messages of the same flags, topic, properties and alias only", () => {
		const extras = { contentType: "text/plain" };
		const head: Head = { ...NO_HEAD, topic: "a", extras, flags: 2, alias: 3 };
		expect(isOf(head, 2, "a", extras, 3)).toBe(true);
		expect(isOf(head, 0, "a", extras, 3)).toBe(false);
		expect(isOf(head, 2, "b", extras, 3)).toBe(false);
		expect(isOf(head, 2, "a", undefined, 3)).toBe(false);
		expect(isOf(head, 2, "a", extras, 0)).toBe(false);
	});

	it("that is none belongs to no message", () => {
		expect(isOf(NO_HEAD, 0, "", undefined, 0)).toBe(false);
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
