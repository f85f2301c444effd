import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DerReader, GENERALIZED_TIME, UTC_TIME } from "../../firmware/security/der.js";
import { dayOf, readTime } from "../../firmware/security/der-time.js";
import { Refused } from "../../firmware/security/refused.js";

function time(tag: number, text: string): number {
	return readTime(new DerReader(Uint8Array.from([tag, text.length, ...Buffer.from(text)])));
}

function digits(date: Date): string {
	return date.toISOString().replace(/[-:T]/g, "").replace(/\.\d+/, "");
}

describe("times (RFC 5280 §4.1.2.5)", () => {
	it("are what the calendar says, for every second of ten thousand years", () => {
		const range = { min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59Z"), noInvalidDate: true };
		fc.assert(
			fc.property(fc.date(range), (date) => {
				date.setUTCMilliseconds(0);
				expect(time(GENERALIZED_TIME, digits(date))).toBe(date.getTime());
				expect(dayOf(date.getTime())).toBe(date.toISOString().slice(0, 10).replace(/^0+/, ""));
			}),
		);
	});

	it("with two digits are between 1950 and 2049", () => {
		expect(dayOf(time(UTC_TIME, "500101000000Z"))).toBe("1950-01-01");
		expect(dayOf(time(UTC_TIME, "491231235959Z"))).toBe("2049-12-31");
	});

	it.each([
		"20261325000000Z",
		"20260025000000Z",
		"20260230000000Z",
		"20250229000000Z",
		"20260101240000Z",
		"20260101006000Z",
		"20260101000060Z",
		"20260101000000",
		"2026010100000Z",
		"20260101000000+0100",
		"2026010100000aZ",
		"20260101000000.5Z",
		"",
	])("refuses %s", (text) => {
		expect(() => time(GENERALIZED_TIME, text)).toThrow(Refused);
	});
});
