import { describe, expect, it } from "vitest";
import {
	hasPartition,
	ourPartition,
	ourPartitions,
	readTable,
	TABLE_BYTES,
	TABLE_OFFSET,
} from "../../../scripts/provision/partitions.js";
import { FLASH_BYTES, flashedWith } from "./board-flash.js";

const tableOf = (flash: Buffer) => readTable(flash.subarray(TABLE_OFFSET, TABLE_OFFSET + TABLE_BYTES));

describe("partitions", () => {
	it("are read from the file that boards are flashed with", () => {
		expect(ourPartition("settings")).toEqual({ name: "settings", offset: 0x3b2000, size: 0x4000 });
		expect(() => ourPartition("nothing")).toThrow("no partition nothing");
	});

	it("do not overlap, begin at sectors, and end within the flash", () => {
		const sorted = ourPartitions().sort((one, other) => one.offset - other.offset);
		let end = TABLE_OFFSET + 0x1000;
		for (const { name, offset, size } of sorted) {
			expect(offset % 0x1000, name).toBe(0);
			expect(size % 0x1000, name).toBe(0);
			expect(offset, name).toBeGreaterThanOrEqual(end);
			end = offset + size;
		}
		expect(end).toBeLessThanOrEqual(FLASH_BYTES);
	});

	it("are read from a board's table, and found only where they are", () => {
		const table = tableOf(flashedWith());
		expect(table).toEqual(ourPartitions());
		const settings = ourPartition("settings");
		expect(hasPartition(table, settings)).toBe(true);
		for (const other of [{ name: "setting" }, { offset: settings.offset + 0x1000 }, { size: 0x3000 }])
			expect(hasPartition(table, { ...settings, ...other })).toBe(false);
	});

	it("are none in a flash that was erased, or holds something else", () => {
		expect(tableOf(Buffer.alloc(FLASH_BYTES, 0xff))).toEqual([]);
		expect(tableOf(Buffer.alloc(FLASH_BYTES))).toEqual([]);
		expect(readTable(Buffer.of(0xaa, 0x50))).toEqual([]);
	});
});
