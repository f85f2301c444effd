import { describe, expect, it } from "vitest";
import type { SessionEnd } from "../../firmware/mqtt/types.js";
import { Rival } from "../../firmware/net/rival.js";

const end = (kind: SessionEnd["kind"]): SessionEnd => ({ kind, reason: "over" });
const CERTAIN = "another device uses the same client id: give every device an id of its own";

describe("another device with the same client id", () => {
	it("is certain when the server says so (MQTT 5 reason code 0x8E)", () => {
		expect(new Rival().judge(end("taken"), 3_600_000)).toBe(CERTAIN);
	});

	it("is suspected after four connections in a row that ended within 30 s", () => {
		const rival = new Rival();
		for (let i = 0; i < 3; i++) expect(rival.judge(end("network"), 1_000)).toBeUndefined();
		expect(rival.judge(end("network"), 29_999)).toMatch(/another device may use the same client id/);
	});

	it("is not suspected when connections last, or end for a reason of their own", () => {
		const rival = new Rival();
		for (let i = 0; i < 20; i++) expect(rival.judge(end("network"), i % 3 === 2 ? 30_000 : 1_000)).toBeUndefined();
		for (let i = 0; i < 20; i++) expect(rival.judge(end("protocol"), 1_000)).toBeUndefined();
	});

	it("is over only after five minutes in peace", () => {
		const rival = new Rival();
		rival.judge(end("taken"), 1_000);
		expect(rival.judge(end("network"), 100_000)).toBe(CERTAIN);
		expect(rival.judge(end("network"), 300_000)).toBeUndefined();
		expect(rival.judge(end("network"), 100_000)).toBeUndefined();
	});
});
