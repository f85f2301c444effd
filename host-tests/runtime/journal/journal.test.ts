import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../../../firmware/runtime/journal/journal.js";
import { PAYLOAD_AT } from "../../../firmware/runtime/journal/layout.js";
import { VirtualFlash } from "../../virtual/flash.js";
import { JournalModel } from "./journal-model.js";

const EVENTS = 0;
const SAMPLES = 1;
const LIMITS = [2, 5];

let flash: VirtualFlash;
let journal: Journal;
beforeEach(() => {
	flash = new VirtualFlash(6, 256);
	journal = new Journal(flash, LIMITS);
});

/** One record with one item, told apart by its first byte. */
function append(lane: number, value: number, bytes = 20, items = 1): void {
	journal.append(lane, new Uint8Array(bytes).fill(value), bytes, items);
}

/** The first byte of each record from the oldest on, each released when it has been read. */
function drain(lane: number): number[] {
	const values: number[] = [];
	while (journal.next(lane)) {
		values.push(journal.lanes[lane]?.record?.[PAYLOAD_AT] as number);
		journal.release(lane);
	}
	return values;
}

function counts(lane: number): (number | undefined)[] {
	return [journal.lanes[lane]?.stored, journal.lanes[lane]?.dropped];
}

function reopen(): void {
	flash.reset();
	journal = new Journal(flash, LIMITS);
}

describe("the journal", () => {
	it("gives back what it was given, in order, lane by lane, also after a restart", () => {
		for (const value of [1, 2, 3]) append(SAMPLES, value);
		append(EVENTS, 9);
		reopen();
		expect([counts(EVENTS), counts(SAMPLES)]).toEqual([
			[1, 0],
			[3, 0],
		]);
		expect([drain(SAMPLES), drain(EVENTS)]).toEqual([[1, 2, 3], [9]]);
		reopen();
		expect([drain(SAMPLES), drain(EVENTS), counts(SAMPLES)]).toEqual([[], [], [0, 0]]);
	});

	it("keeps a record until it is released, and releases it for good", () => {
		append(SAMPLES, 1);
		append(SAMPLES, 2);
		expect(journal.next(SAMPLES) && journal.next(SAMPLES)).toBe(true);
		reopen();
		expect(counts(SAMPLES)).toEqual([2, 0]);
		journal.next(SAMPLES);
		journal.release(SAMPLES);
		reopen();
		expect(drain(SAMPLES)).toEqual([2]);
	});

	it("writes nothing but what it is given: no segment is erased before all of the flash was used", () => {
		for (let value = 0; value < 20; value++) append(SAMPLES, value);
		drain(SAMPLES);
		const used = flash.erases.filter((count) => count > 0).length;
		expect(flash.bytesWritten).toBeLessThan(20 * 29 + 4 * 32);
		expect(Math.max(...flash.erases)).toBeLessThanOrEqual(2);
		expect(used).toBeGreaterThan(1);
	});

	it("wears every segment alike", () => {
		for (let value = 0; value < 2_000; value++) {
			append(SAMPLES, value % 250);
			drain(SAMPLES);
		}
		expect(Math.max(...flash.erases) - Math.min(...flash.erases)).toBeLessThanOrEqual(2);
	});

	it("drops the oldest of the least important lane when flash is full, and counts it", () => {
		for (let value = 0; value < 60; value++) append(SAMPLES, value);
		append(EVENTS, 1);
		for (let value = 2; value < 9; value++) append(EVENTS, value);
		expect(counts(EVENTS)).toEqual([8, 0]);
		const [stored = 0, dropped = 0] = counts(SAMPLES);
		expect(stored + dropped).toBe(60);
		expect(dropped).toBeGreaterThan(30);
		reopen();
		expect(counts(SAMPLES)).toEqual([stored, dropped]);
		expect(drain(SAMPLES)).toEqual(Array.from({ length: stored }, (_, i) => dropped + i));
	});

	it("holds a lane to its own limit", () => {
		for (let value = 0; value < 40; value++) append(EVENTS, value);
		const [stored = 0, dropped = 0] = counts(EVENTS);
		expect(stored + dropped).toBe(40);
		expect(stored).toBeLessThanOrEqual(2 * 8);
		append(SAMPLES, 1);
		expect(counts(SAMPLES)).toEqual([1, 0]);
	});

	it("keeps the record that is on its way when its segment has to go", () => {
		for (let value = 0; value < 8; value++) append(SAMPLES, value);
		journal.next(SAMPLES);
		for (let value = 8; value < 60; value++) append(SAMPLES, value);
		const [stored = 0, dropped = 0] = counts(SAMPLES);
		expect(stored + dropped).toBe(60);
		expect(journal.lanes[SAMPLES]?.record?.[PAYLOAD_AT]).toBe(0);
		journal.release(SAMPLES);
		expect(counts(SAMPLES)).toEqual([stored - 1, dropped]);
		expect(drain(SAMPLES)[0]).toBe(dropped + 1);
	});

	it("remembers what it was told was lost", () => {
		journal.lose(EVENTS, 3);
		append(SAMPLES, 1, 20, 7);
		journal.next(SAMPLES);
		journal.discard(SAMPLES);
		journal.tell();
		const { writes } = flash;
		journal.tell();
		expect(flash.writes).toBe(writes);
		reopen();
		expect([counts(EVENTS), counts(SAMPLES)]).toEqual([
			[0, 3],
			[0, 7],
		]);
	});

	it("counts what it cannot read as lost, and goes on with the next segment", () => {
		for (let value = 0; value < 12; value++) append(SAMPLES, value);
		const at = flash.content.indexOf(2, flash.content.indexOf(0x46) + 90); // in the payload of the third record
		flash.content[at + 5] = 77; // some bits fell over
		expect(drain(SAMPLES)).toEqual([0, 1, 8, 9, 10, 11]);
		const [stored, dropped = 0] = counts(SAMPLES);
		expect([stored, dropped]).toEqual([0, 6]);
		reopen();
		expect(counts(SAMPLES)).toEqual([0, dropped]);
	});

	it("says so when flash fails, keeps its counts, and works again when flash does", () => {
		append(SAMPLES, 1);
		flash.broken = true;
		expect(() => append(SAMPLES, 2)).toThrow("flash is broken");
		expect(counts(SAMPLES)).toEqual([1, 0]);
		expect(drain(SAMPLES)).toEqual([1]);
		flash.broken = false;
		append(SAMPLES, 3);
		expect(drain(SAMPLES)).toEqual([3]);
	});

	it("refuses what is too long for a record", () => {
		expect(() => append(SAMPLES, 1, 1_025)).toThrow("too long");
		expect(() => append(SAMPLES, 1, 10, 256)).toThrow("too long");
		expect(counts(SAMPLES)).toEqual([0, 0]);
	});
});

describe("the journal under power cuts", () => {
	it("loses nothing that was stored, at whatever byte the power goes", () => {
		const total = new JournalModel(Number.POSITIVE_INFINITY).play(script());
		for (let cut = 0; cut < total; cut += 1) new JournalModel(cut).play(script());
	});

	it("property: appended = released + stored + dropped, in order, whatever happens", () => {
		const step = fc.oneof(
			fc.record({
				do: fc.constant("append" as const),
				lane: fc.nat(1),
				bytes: fc.integer({ min: 1, max: 90 }),
				items: fc.integer({ min: 1, max: 5 }),
			}),
			fc.record({
				do: fc.constantFrom("next", "release", "discard", "tell", "restart"),
				lane: fc.nat(1),
				bytes: fc.constant(0),
				items: fc.constant(0),
			}),
			fc.record({ do: fc.constant("cut" as const), lane: fc.constant(0), bytes: fc.nat(400), items: fc.constant(0) }),
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
				new JournalModel(Number.POSITIVE_INFINITY).play(steps);
			}),
			{ numRuns: 400 },
		);
	});
});

/** Enough to fill the flash more than once, with a drain in between. */
function script() {
	const steps = [];
	for (let i = 0; i < 45; i++) {
		steps.push({
			do: "append" as const,
			lane: i % 5 === 0 ? EVENTS : SAMPLES,
			bytes: 20 + (i % 7),
			items: 1 + (i % 3),
		});
		if (i % 4 === 3)
			steps.push(
				{ do: "next" as const, lane: SAMPLES, bytes: 0, items: 0 },
				{ do: "release" as const, lane: SAMPLES, bytes: 0, items: 0 },
			);
		if (i % 11 === 10) steps.push({ do: "tell" as const, lane: 0, bytes: 0, items: 0 });
	}
	return steps;
}
