import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { ClockOrigins } from "../../firmware/runtime/clock-origins.js";
import { Depot, SAMPLES } from "../../firmware/runtime/depot.js";
import { Outbox, SAMPLES_MAX, SAVE_MS } from "../../firmware/runtime/outbox.js";
import { timeOf } from "../../firmware/runtime/time.js";
import { fakeSensor } from "../model/parts.js";
import { VirtualBoard } from "../virtual/board.js";
import type { VirtualFlash } from "../virtual/flash.js";
import { OutboxModel, type Step, type Verb } from "./outbox-model.js";

const device = defineDevice({ name: "Test", entities: { noise: fakeSensor(["level"]) } });

let board: VirtualBoard;
let depot: Depot;
let outbox: Outbox;
let boot: number;
beforeEach(() => {
	board = new VirtualBoard();
	boot = 0;
	start();
});

/** The device starts on what is in flash. */
function start(): void {
	depot = new Depot({ board, log: (line) => board.log(line) });
	outbox = new Outbox({ device, boot: ++boot, depot, origins: new ClockOrigins({ board, boot }) });
}

function put(count: number): void {
	for (let i = 0; i < count; i++) {
		outbox.put(0, board.clock.monotonicMs(), Float64Array.of(outbox.window.nextSeq));
		board.world.advance(1_000);
	}
}

/** Boot and number of every sample in flash, taken out batch by batch. */
function drainStored(): string[] {
	const found: string[] = [];
	for (let samples = outbox.nextStored(); samples !== undefined; samples = outbox.nextStored()) {
		for (let i = 0; i < samples.count; i++) found.push(`${samples.boot}/${samples.firstSeq + i}`);
		outbox.storedSent(samples.count);
		outbox.storedTaken(false);
	}
	return found;
}

function storedTime(): number | undefined {
	const samples = outbox.nextStored();
	return samples && timeOf(samples.originMs, samples.atMs(0));
}

function counts(): number[] {
	return [outbox.window.count, depot.stored(SAMPLES), depot.dropped[SAMPLES] as number];
}

describe("the outbox", () => {
	it("writes nothing to flash while the broker takes what it is given", () => {
		outbox.begin();
		for (let i = 0; i < 1_000; i++) {
			put(2);
			outbox.batchSent(outbox.nextBatch()?.count ?? 0);
			outbox.batchTaken(false);
			expect(outbox.dueMs).toBe(Number.POSITIVE_INFINITY);
		}
		expect(counts()).toEqual([0, 0, 0]);
		expect(board.segments?.writes).toBe(0);
	});

	it("writes the window to flash a minute after its oldest sample while the broker is away", () => {
		put(3);
		expect(outbox.dueMs).toBe(SAVE_MS);
		outbox.run(SAVE_MS);
		expect(counts()).toEqual([0, 3, 0]);
		expect(outbox.dueMs).toBe(Number.POSITIVE_INFINITY);
		put(1);
		expect(outbox.dueMs).toBe(3_000 + SAVE_MS);
		outbox.begin();
		expect(outbox.dueMs).toBe(Number.POSITIVE_INFINITY);
		outbox.end();
		expect(outbox.dueMs).toBe(3_000 + SAVE_MS);
	});

	it("sends the samples of an earlier boot as such, in order", () => {
		put(2);
		outbox.save();
		start();
		put(1);
		outbox.save();
		expect(drainStored()).toEqual(["1/1", "1/2", "2/1"]);
		expect(counts()).toEqual([0, 0, 0]);
		start();
		expect(drainStored()).toEqual([]);
	});

	it("makes room in the window by writing it, and drops the oldest only where there is no flash", () => {
		put(SAMPLES_MAX + 5);
		expect(counts()).toEqual([5, SAMPLES_MAX, 0]);
		board.segments = undefined;
		start();
		put(SAMPLES_MAX + 5);
		expect(counts()).toEqual([SAMPLES_MAX, 0, 5]);
		expect(outbox.window.firstSeq).toBe(6);
		expect(outbox.save()).toBe(false);
	});

	it("keeps what it can in memory while flash fails, counts the rest, and says so once", () => {
		(board.segments as VirtualFlash).broken = true;
		put(SAMPLES_MAX + 5);
		outbox.run(board.clock.monotonicMs());
		expect(counts()).toEqual([SAMPLES_MAX, 0, 5]);
		expect(outbox.dueMs).toBe(board.clock.monotonicMs() + SAVE_MS);
		expect(board.lines).toEqual(["what waits to be sent could not be stored in flash: flash is broken"]);
		(board.segments as VirtualFlash).broken = false;
		outbox.run(board.clock.monotonicMs());
		expect(counts()).toEqual([0, SAMPLES_MAX, 5]);
		start();
		expect(counts()).toEqual([0, SAMPLES_MAX, 5]);
	});

	it("sends again what was on its way when it was written to flash, and counts nothing twice", () => {
		outbox.begin();
		put(10);
		outbox.batchSent(4);
		outbox.save();
		outbox.batchTaken(false);
		expect(counts()).toEqual([0, 10, 0]);
		expect(drainStored()).toHaveLength(10);
	});

	it("takes back what it counted as lost when the broker has it after all", () => {
		board.segments = undefined;
		start();
		put(SAMPLES_MAX);
		outbox.batchSent(10);
		put(3);
		expect(counts()).toEqual([SAMPLES_MAX, 0, 3]);
		outbox.batchTaken(false);
		expect([...counts(), outbox.window.firstSeq]).toEqual([SAMPLES_MAX - 7, 0, 0, 11]);
		outbox.batchTaken(false);
		expect(counts()).toEqual([SAMPLES_MAX - 7, 0, 0]);
	});

	it("counts what the broker refuses as lost, out of memory and out of flash", () => {
		put(4);
		outbox.save();
		put(3);
		outbox.storedSent(outbox.nextStored()?.count ?? 0);
		outbox.batchSent(outbox.nextBatch()?.count ?? 0);
		outbox.batchTaken(true);
		outbox.storedTaken(true);
		expect(counts()).toEqual([0, 0, 7]);
		start();
		expect(counts()).toEqual([0, 0, 7]);
	});

	it("sends nothing twice at once, and begins again after the connection", () => {
		put(4);
		outbox.save();
		put(2);
		outbox.batchSent(outbox.nextBatch()?.count ?? 0);
		outbox.storedSent(outbox.nextStored()?.count ?? 0);
		expect([outbox.nextBatch(), outbox.nextStored()]).toEqual([undefined, undefined]);
		outbox.end();
		expect([outbox.nextBatch()?.count, outbox.nextStored()?.count]).toEqual([2, 4]);
		outbox.storedTaken(false); // an acknowledgement of the connection before
		outbox.batchTaken(false);
		expect(counts()).toEqual([2, 4, 0]);
	});

	it("takes a record apart when a batch cannot hold it, and forgets it when all of it is taken", () => {
		put(10);
		outbox.save();
		outbox.nextStored();
		outbox.storedSent(4);
		outbox.storedTaken(false);
		expect([outbox.waiting, outbox.nextStored()?.firstSeq]).toEqual([6, 5]);
		outbox.storedSent(3);
		outbox.storedTaken(true);
		expect([outbox.waiting, depot.dropped[SAMPLES]]).toEqual([3, 3]);
		outbox.storedSent(3);
		outbox.end();
		expect(drainStored()).toEqual(["1/8", "1/9", "1/10"]);
		expect(counts()).toEqual([0, 0, 3]);
	});

	it("gives up what another device file wrote, and counts it", () => {
		put(4);
		outbox.save();
		depot = new Depot({ board, log: (line) => board.log(line) });
		const other = defineDevice({ name: "Test", entities: { noise: fakeSensor(["loudness", "level"]) } });
		outbox = new Outbox({ device: other, boot: 2, depot, origins: new ClockOrigins({ board, boot: 2 }) });
		expect(outbox.nextStored()).toBeUndefined();
		expect(counts()).toEqual([0, 0, 4]);
	});

	it("works out the time of what was stored before the date was known, in that boot and in the next", () => {
		put(1);
		outbox.save();
		put(1);
		outbox.save();
		const origins = new ClockOrigins({ board, boot });
		origins.stored(undefined);
		board.clock.setWallMs(board.world.trueMs);
		origins.settle();
		expect(storedTime()).toBe(board.world.beginMs);
		start();
		const times = [storedTime()];
		outbox.storedSent(1);
		outbox.storedTaken(false);
		times.push(storedTime());
		expect(times).toEqual([board.world.beginMs, board.world.beginMs + 1_000]);
	});
});

describe("the outbox, whatever happens", () => {
	const steps = (verbs: readonly Verb[]) =>
		fc.array(fc.record({ do: fc.constantFrom(...verbs), count: fc.nat(90) }), { maxLength: 60 });

	it("property: produced = acknowledged + waiting + dropped, to the sample", () => {
		fc.assert(
			fc.property(
				steps(["put", "put", "save", "send", "send stored", "taken", "refused", "lost", "restart"]),
				(history) => {
					const model = new OutboxModel();
					for (const step of history) {
						model.perform(step);
						model.checkSum();
					}
					model.drain();
				},
			),
			{ numRuns: 100 },
		);
	});

	it("property: no power cut loses what was in flash, or hides what flash could not hold", () => {
		fc.assert(
			fc.property(
				steps(["put", "put", "save", "send", "send stored", "taken", "lost", "restart", "cut"]),
				(history) => {
					const model = new OutboxModel();
					for (const { do: verb, count } of history)
						model.perform({ do: verb, count: verb === "cut" ? 7 * count : count });
					model.drain();
				},
			),
			{ numRuns: 100 },
		);
	});

	it("survives a power cut wherever in what it writes", () => {
		const script = (cut: number): Step[] => [
			{ do: "cut", count: cut },
			...Array.from({ length: 9 }, () => [
				{ do: "put", count: 70 } as const,
				{ do: "send stored", count: 0 } as const,
				{ do: "taken", count: 0 } as const,
			]).flat(),
		];
		const whole = new OutboxModel();
		for (const step of script(Number.POSITIVE_INFINITY)) whole.perform(step);
		const bytes = whole.flash.bytesWritten + 16 * whole.flash.erases.reduce((sum, count) => sum + count, 0);
		expect(bytes).toBeGreaterThan(4_000);
		for (let cut = 0; cut < bytes; cut += 13) {
			const model = new OutboxModel();
			for (const step of script(cut)) model.perform(step);
			model.drain();
		}
	});
});
