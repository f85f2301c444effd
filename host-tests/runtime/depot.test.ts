import { beforeEach, describe, expect, it } from "vitest";
import { Depot, EVENTS, SAMPLES } from "../../firmware/runtime/depot.js";
import { Packer } from "../../firmware/runtime/packing.js";
import { VirtualBoard } from "../virtual/board.js";
import { VirtualFlash } from "../virtual/flash.js";

let board: VirtualBoard;
let flash: VirtualFlash;
let depot: Depot;
beforeEach(() => {
	board = new VirtualBoard();
	flash = new VirtualFlash(8, 512);
	board.segments = flash;
	depot = new Depot({ board: { segments: flash }, log: (line) => board.log(line) });
});

function append(lane: number, value: number, items = 1): boolean {
	const packer = new Packer(new Uint8Array(100));
	for (let i = 0; i < 50; i++) packer.whole(value);
	return depot.append(lane, packer, items);
}

function take(lane: number): number | undefined {
	const record = depot.next(lane);
	if (record === undefined) return undefined;
	expect(record.end - record.at).toBe(50);
	const value = record.bytes[record.at];
	depot.taken(lane, false);
	return value;
}

describe("the depot", () => {
	it("gives back what was stored, class by class, also after a restart", () => {
		append(SAMPLES, 1);
		append(EVENTS, 2);
		append(SAMPLES, 3);
		depot = new Depot({ board: { segments: flash }, log: (line) => board.log(line) });
		expect([depot.stored(EVENTS), depot.stored(SAMPLES)]).toEqual([1, 2]);
		expect([take(SAMPLES), take(SAMPLES), take(SAMPLES), take(EVENTS)]).toEqual([1, 3, undefined, 2]);
		expect([depot.stored(EVENTS), depot.stored(SAMPLES)]).toEqual([0, 0]);
	});

	it("touches flash at no time while nothing is stored", () => {
		for (let i = 0; i < 10; i++) {
			depot.next(SAMPLES);
			depot.lose(SAMPLES, 0);
			depot.settle();
			depot = new Depot({ board: { segments: flash }, log: (line) => board.log(line) });
		}
		expect([flash.writes, Math.max(...flash.erases)]).toEqual([0, 0]);
	});

	it("gives events up to a quarter of the flash, at the cost of measurements", () => {
		for (let i = 0; i < 60; i++) append(SAMPLES, i);
		const before = depot.stored(SAMPLES);
		for (let i = 0; i < 30; i++) append(EVENTS, i);
		expect(depot.stored(EVENTS)).toBeGreaterThan(8);
		expect(depot.stored(EVENTS)).toBeLessThanOrEqual(16);
		expect(depot.stored(SAMPLES)).toBeLessThan(before);
		expect([EVENTS, SAMPLES].map((lane) => depot.stored(lane) + (depot.dropped[lane] ?? 0))).toEqual([30, 60]);
	});

	it("remembers what was lost, here or before it came here", () => {
		depot.lose(EVENTS, 2);
		append(SAMPLES, 1, 5);
		depot.next(SAMPLES);
		depot.taken(SAMPLES, true);
		expect(depot.dropped).toEqual([2, 5]);
		expect(new Depot({ board: { segments: flash }, log: (line) => board.log(line) }).dropped).toEqual([2, 5]);
		depot.lose(SAMPLES, 1);
		depot.settle();
		expect(new Depot({ board: { segments: flash }, log: (line) => board.log(line) }).dropped).toEqual([2, 6]);
		const { writes } = flash;
		depot.settle();
		expect(flash.writes).toBe(writes);
	});

	it("keeps counting what is lost without flash", () => {
		depot = new Depot({ board: { segments: undefined }, log: (line) => board.log(line) });
		expect([depot.exists, append(SAMPLES, 1), depot.next(SAMPLES)]).toEqual([false, false, undefined]);
		depot.lose(SAMPLES, 3);
		depot.settle();
		expect([depot.dropped, board.lines]).toEqual([[0, 3], []]);
	});

	it("says once that flash fails, and again when it failed anew", () => {
		flash.broken = true;
		expect([append(SAMPLES, 1), append(SAMPLES, 2)]).toEqual([false, false]);
		flash.broken = false;
		expect(append(SAMPLES, 3)).toBe(true);
		flash.broken = true;
		expect(append(SAMPLES, 4)).toBe(false);
		expect(board.lines).toHaveLength(2);
		expect(depot.stored(SAMPLES)).toBe(1);
	});

	it("works on without flash that cannot be read", () => {
		flash.read = () => {
			throw new Error("no answer");
		};
		depot = new Depot({ board: { segments: flash }, log: (line) => board.log(line) });
		expect(board.lines).toEqual(["what waits to be sent could not be stored in flash: no answer"]);
		expect(append(SAMPLES, 1)).toBe(false);
	});
});
