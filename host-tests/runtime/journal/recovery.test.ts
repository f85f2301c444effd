import { beforeEach, describe, expect, it } from "vitest";
import { Lane } from "../../../firmware/runtime/journal/lane.js";
import { HEADER_BYTES, headerBytes, putUint32, recordBytes } from "../../../firmware/runtime/journal/layout.js";
import { Places } from "../../../firmware/runtime/journal/places.js";
import { markReleased } from "../../../firmware/runtime/journal/records.js";
import { Recovery } from "../../../firmware/runtime/journal/recovery.js";
import { VirtualFlash } from "../../virtual/flash.js";

const RECORD = recordBytes(new Uint8Array(12), 12, 2);

let flash: VirtualFlash;
let places: Places;
let lanes: Lane[];
beforeEach(() => {
	flash = new VirtualFlash(6, 256);
});

/** Writes a segment of lane 1 with so many records of two items each. */
function segment(place: number, sequence: number, appended: number, records: number, kept = 1): void {
	flash.write(place, 0, headerBytes({ lane: 1, sequence, appended, dropped: [0, 7], kept: [1, kept] }));
	for (let i = 0; i < records; i++) flash.write(place, at(i), RECORD);
}

function at(record: number): number {
	return HEADER_BYTES + record * RECORD.length;
}

function recover(): Recovery {
	places = new Places(flash.count);
	lanes = [new Lane(2), new Lane(5)];
	return new Recovery(flash, places, lanes);
}

function found() {
	const { stored, appended, oldest, newest, at, left, end, dropped } = lanes[1] as Lane;
	return { stored, appended, oldest, newest, at, left, end, dropped };
}

describe("recovery of a journal", () => {
	it("finds nothing in erased flash, nor in flash that somebody else used", () => {
		expect(recover()).toMatchObject({ sequence: 0 });
		flash.content.fill(0x5a);
		recover();
		expect([found().newest, places.free]).toEqual([-1, 6]);
	});

	it("finds what was written, and where to go on", () => {
		segment(4, 1, 0, 3);
		segment(5, 2, 6, 2);
		expect(recover()).toMatchObject({ sequence: 2, place: 5 });
		expect(found()).toEqual({
			stored: 10,
			appended: 10,
			oldest: 4,
			newest: 5,
			at: at(0),
			left: 6,
			end: at(2),
			dropped: 7,
		});
		expect(places.items(4)).toBe(6);
	});

	it("goes on behind what is released, in whichever segment that is", () => {
		segment(4, 1, 0, 3);
		segment(5, 2, 6, 2);
		markReleased(flash, 4, at(0));
		recover();
		expect(found()).toMatchObject({ stored: 8, oldest: 4, at: at(1), left: 4 });
		markReleased(flash, 4, at(1));
		markReleased(flash, 4, at(2)); // the power went before the segment was erased
		markReleased(flash, 5, at(0));
		recover();
		expect(found()).toMatchObject({ stored: 2, oldest: 5, at: at(1), left: 2, end: at(2) });
		expect([places.isFree(4), places.isClean(4)]).toEqual([true, false]);
	});

	it("never writes behind a record that a power cut tore", () => {
		segment(4, 1, 0, 2);
		flash.write(4, at(2), RECORD.subarray(0, 7));
		recover();
		expect(found()).toMatchObject({ stored: 4, appended: 4, end: 0 });
	});

	it("takes what the newest header no longer counts for free", () => {
		segment(3, 1, 0, 3);
		segment(4, 2, 6, 3);
		segment(5, 3, 12, 1, 2);
		recover();
		expect(found()).toMatchObject({ stored: 8, oldest: 4 });
		expect(places.isFree(3)).toBe(true);
	});

	it("hears what was dropped since the newest header", () => {
		segment(4, 1, 0, 1);
		const told = new Uint8Array(8);
		putUint32(told, 0, 2);
		putUint32(told, 4, 9);
		flash.write(4, at(1), recordBytes(told, 8, 0));
		recover();
		expect(lanes.map(({ dropped }) => dropped)).toEqual([2, 9]);
		expect(found()).toMatchObject({ stored: 2, end: at(1) + 16 });
	});
});
