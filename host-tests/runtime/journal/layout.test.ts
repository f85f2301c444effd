import { describe, expect, it } from "vitest";
import {
	getUint32,
	HEADER_BYTES,
	headerBytes,
	isReleased,
	isWhole,
	PAYLOAD_AT,
	putUint32,
	RECORD_OVERHEAD,
	RELEASE_MARK,
	RELEASE_MARK_AT,
	readDropped,
	readHeader,
	recordBytes,
	recordItems,
	recordLength,
} from "../../../firmware/runtime/journal/layout.js";

const HEADER = { lane: 1, sequence: 0xfffffffe, appended: 70_000, dropped: [3, 0x12345678], kept: [1, 9] };

describe("the layout of the journal", () => {
	it("writes numbers of 32 bits, the lowest byte first", () => {
		const bytes = new Uint8Array(6);
		putUint32(bytes, 1, 0xfedcba98);
		expect([...bytes]).toEqual([0, 0x98, 0xba, 0xdc, 0xfe, 0]);
		expect(getUint32(bytes, 1)).toBe(0xfedcba98);
	});

	it("reads a header as it was written", () => {
		const bytes = headerBytes(HEADER);
		expect(bytes.length).toBe(HEADER_BYTES);
		expect(readHeader(bytes)).toEqual(HEADER);
	});

	it("takes nothing for a header in which any bit fell over, or that was never written", () => {
		for (let bit = 0; bit < HEADER_BYTES * 8; bit++) {
			const bytes = headerBytes(HEADER);
			bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
			expect(readHeader(bytes)).toBeUndefined();
		}
		for (const fill of [0, 0xff]) expect(readHeader(new Uint8Array(HEADER_BYTES).fill(fill))).toBeUndefined();
	});

	it("knows a record from one in which any bit but the mark of its release fell over", () => {
		const record = recordBytes(Uint8Array.of(1, 2, 3, 9), 3, 7);
		expect([record.length, recordLength(record), recordItems(record)]).toEqual([3 + RECORD_OVERHEAD, 11, 7]);
		expect([...record.subarray(PAYLOAD_AT, PAYLOAD_AT + 3)]).toEqual([1, 2, 3]);
		for (let bit = 0; bit < record.length * 8; bit++) {
			const damaged = record.slice();
			damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
			expect(isWhole(damaged, damaged.length)).toBe(bit >> 3 === RELEASE_MARK_AT);
		}
	});

	it("marks a record as released by clearing bits, half of them are enough", () => {
		const record = recordBytes(new Uint8Array(2), 2, 1);
		expect([isReleased(record), RELEASE_MARK]).toEqual([false, 0]);
		record[RELEASE_MARK_AT] = 0xf0;
		expect([isReleased(record), isWhole(record, record.length)]).toEqual([true, true]);
	});

	it("takes no length for one that no record can have", () => {
		expect(recordLength(Uint8Array.of(0xff, 0xff, 0xff, 0xff))).toBe(0);
		expect(recordLength(Uint8Array.of(0x01, 0x04, 0, 0))).toBe(0);
		expect(recordLength(Uint8Array.of(0x00, 0x04, 0, 0))).toBe(1_032);
	});

	it("tells what was dropped by lane", () => {
		const bytes = new Uint8Array(9);
		putUint32(bytes, 1, 5);
		putUint32(bytes, 5, 6);
		expect(readDropped(bytes, 1)).toEqual([5, 6]);
	});
});
