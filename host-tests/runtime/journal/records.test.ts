import { beforeEach, describe, expect, it } from "vitest";
import { isReleased, RECORD_BYTES_MAX, recordBytes } from "../../../firmware/runtime/journal/layout.js";
import { eraseQuietly, markReleased, readQuietly, readRecord } from "../../../firmware/runtime/journal/records.js";
import { VirtualFlash } from "../../virtual/flash.js";

const record = recordBytes(Uint8Array.of(5, 6, 7), 3, 1);
let flash: VirtualFlash;
let into: Uint8Array;
beforeEach(() => {
	flash = new VirtualFlash(4, 256);
	into = new Uint8Array(RECORD_BYTES_MAX);
});

describe("records in flash", () => {
	it("are read where they are whole", () => {
		flash.write(1, 40, record);
		flash.write(1, 256 - record.length, record);
		expect(readRecord(flash, 1, 40, into)).toBe(record.length);
		expect([...into.subarray(0, record.length)]).toEqual([...record]);
		expect(readRecord(flash, 1, 256 - record.length, into)).toBe(record.length);
	});

	it("are not read where there is none, only a part, or one that would end behind the segment", () => {
		flash.write(1, 40, record.subarray(0, record.length - 1));
		flash.write(2, 256 - 10, record.subarray(0, 10));
		for (const [place, at] of [
			[0, 40],
			[1, 40],
			[2, 256 - 10],
			[2, 255],
		] as const)
			expect(readRecord(flash, place, at, into)).toBe(0);
	});

	it("are not read where flash does not answer", () => {
		expect(() => readRecord(flash, 9, 40, into)).toThrow();
		expect(readQuietly(flash, 9, 40, into)).toBe(0);
		flash.write(1, 40, record);
		expect(readQuietly(flash, 1, 40, into)).toBe(record.length);
	});

	it("are marked as released where they stand", () => {
		flash.write(1, 40, record);
		markReleased(flash, 1, 40);
		expect([readRecord(flash, 1, 40, into), isReleased(into)]).toEqual([record.length, true]);
	});

	it("stay where flash fails, without a word", () => {
		flash.write(1, 40, record);
		flash.broken = true;
		markReleased(flash, 1, 40);
		expect(eraseQuietly(flash, 1)).toBe(false);
		expect([readRecord(flash, 1, 40, into), isReleased(into)]).toEqual([record.length, false]);
		flash.broken = false;
		expect(eraseQuietly(flash, 1)).toBe(true);
		expect(readRecord(flash, 1, 40, into)).toBe(0);
	});
});
