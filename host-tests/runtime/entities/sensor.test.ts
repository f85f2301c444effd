import { beforeEach, describe, expect, it } from "vitest";
import { quantity } from "../../../firmware/model/quantity.js";
import type { Measures, Probe, SensorDefinition } from "../../../firmware/model/sensor.js";
import { EntityBench } from "./bench.js";

const EVERY_MS = 10_000;
const WAIT_MS = 9;

/** A sensor of two values that does what a test says. */
class FakeSensor implements Probe<Measures> {
	values: Record<string, number> = { a: 1, b: 2 };
	waitMs = WAIT_MS;
	opened = 0;
	open = 0;
	/** Times at which a measurement was begun, and read. */
	readonly started: number[] = [];
	readonly reads: number[] = [];
	/** What fails from now on. */
	broken: "open" | "start" | "read" | "close" | undefined;
	nowMs: () => number = () => 0;
	/** Called while a measurement is begun: what the bus takes of the loop's time. */
	onStart: () => void = () => undefined;

	definition(everyMs = EVERY_MS): SensorDefinition {
		const measures = {
			a: quantity("V", { min: -10, max: 10, decimals: 1 }),
			b: quantity("V", { min: -10, max: 10, decimals: 0 }),
		};
		return { kind: "sensor", model: "fake", measures, everyMs, pins: [], open: () => this.openIt() };
	}

	start(): number {
		this.fail("start");
		this.started.push(this.nowMs());
		this.onStart();
		return this.waitMs;
	}

	read(): Record<string, number> {
		this.fail("read");
		this.reads.push(this.nowMs());
		return this.values;
	}

	close(): void {
		this.open--;
		this.fail("close");
	}

	private openIt(): this {
		this.fail("open");
		this.opened++;
		this.open++;
		return this;
	}

	private fail(step: string): void {
		if (this.broken === step) throw new Error(`no ${step}`);
	}
}

let sensor: FakeSensor;
beforeEach(() => {
	sensor = new FakeSensor();
});

function bench(everyMs = EVERY_MS): EntityBench {
	const made = new EntityBench(sensor.definition(everyMs));
	sensor.nowMs = () => made.board.clock.monotonicMs();
	return made;
}

describe("a sensor", () => {
	it("is unavailable until its first measurement", () => {
		const made = bench();
		expect([made.entity.stale, made.entity.stateText(0)]).toEqual([true, "unavailable"]);
		made.advance(100);
		expect([made.entity.stale, made.entity.stateText(0), made.entity.stateText(1)]).toEqual([false, "1", "2"]);
	});

	it("is measured at its pace, opened once, and told where a value changed as it is published", () => {
		const made = bench().advance(100);
		made.states.length = 0;
		sensor.values = { a: 1.04, b: 3 };
		made.advance(EVERY_MS);
		expect(made.states).toEqual([1]);
		made.advance(10 * EVERY_MS);
		expect(made.states).toEqual([1]);
		expect(made.samples).toHaveLength(12);
		expect(made.samples.at(-1)).toEqual([1.04, 3]);
		expect([sensor.opened, sensor.open]).toEqual([1, 1]);
	});

	it("is read no earlier than it asked for, however long its bus or another part held the loop", () => {
		const made = bench();
		const { clock } = made.board;
		const { monotonicMs } = clock;
		let aheadMs = 0;
		clock.monotonicMs = () => monotonicMs.call(clock) + aheadMs;
		sensor.onStart = () => {
			aheadMs += 40; // a slow bus: time passes while the measurement is begun
		};
		made.advance(3 * EVERY_MS);
		const waits = sensor.reads.map((readMs, i) => readMs - (sensor.started[i] as number) - 40).slice(1);
		expect(waits.length).toBeGreaterThan(1);
		expect(Math.min(...waits)).toBeGreaterThan(WAIT_MS); // more, because the clock counts whole milliseconds
	});

	it("may be ready at once", () => {
		sensor.waitMs = 0;
		const made = bench();
		expect(made.samples).toHaveLength(1);
		made.advance(3 * EVERY_MS);
		expect(made.samples).toHaveLength(4);
	});

	it("skips what it missed while the loop was held", () => {
		const made = bench().advance(100);
		made.board.clock.monotonicMs = () => 10 * EVERY_MS + 3_000;
		made.advance(EVERY_MS);
		expect(made.samples.length).toBeLessThanOrEqual(3);
	});

	it("keeps to its grid", () => {
		bench().advance(5 * EVERY_MS + 500);
		expect(sensor.started).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
	});
});

describe("a sensor that fails", () => {
	it.each(["open", "start", "read"] as const)(
		"at %s: tells it once, is stale, is opened afresh, and recovers",
		(step) => {
			const made = bench().advance(100);
			made.states.length = 0;
			sensor.broken = step === "open" ? "start" : step;
			made.advance(EVERY_MS);
			sensor.broken = step;
			expect(made.entity.stale).toBe(true);
			expect(made.states).toEqual([0, 1]);
			expect(made.entity.stateText(0)).toBe("unavailable");
			made.advance(5 * EVERY_MS);
			expect(made.events).toHaveLength(1);
			expect(made.events[0]).toMatchObject({ entity: "part", event: "fault" });
			const before = made.samples.length;
			sensor.broken = undefined;
			made.advance(EVERY_MS + 100);
			expect(made.events.slice(1)).toEqual([{ entity: "part", event: "recovered" }]);
			expect(made.samples.length).toBe(before + 1);
			expect([made.entity.stale, made.entity.stateText(0), sensor.open]).toEqual([false, "1", 1]);
			expect(made.panics).toEqual([]);
		},
	);

	it("that is not there at the start is a fault, and recovers", () => {
		sensor.broken = "open";
		const made = bench();
		expect(made.events).toEqual([{ entity: "part", event: "fault", reason: "no open" }]);
		sensor.broken = undefined;
		made.advance(EVERY_MS + 100);
		expect(made.events.at(-1)).toEqual({ entity: "part", event: "recovered" });
	});

	it("is tried again at its next turn, not a turn later", () => {
		const made = bench().advance(100);
		sensor.broken = "read";
		made.advance(EVERY_MS);
		sensor.broken = undefined;
		made.advance(EVERY_MS);
		expect(made.entity.stale).toBe(false);
	});

	it("is not tried more than once a second, nor left alone for an hour", () => {
		sensor.broken = "read";
		const fast = bench(100);
		fast.advance(9_900);
		expect(sensor.opened).toBeLessThanOrEqual(11);
		sensor = new FakeSensor();
		sensor.broken = "read";
		const slow = bench(3_600_000).advance(100);
		sensor.broken = undefined;
		slow.advance(61_000);
		expect(slow.entity.stale).toBe(false);
		expect(slow.samples).toHaveLength(1);
		slow.advance(3_600_000 - 61_000);
		expect(slow.samples).toHaveLength(2); // and its pace is kept
	});

	it.each([
		[{ a: 11, b: 2 }, "a: it read 11 V; possible here is -10 to 10"],
		[{ a: Number.NaN, b: 2 }, "a: it read NaN V; possible here is -10 to 10"],
		[{ a: 1 } as never, "b: it read undefined V; possible here is -10 to 10"],
		[{ a: 1, b: Number.NEGATIVE_INFINITY }, "b: it read -Infinity V; possible here is -10 to 10"],
	])("by reading %o: nothing of it counts", (values, reason) => {
		sensor.values = values;
		const made = bench().advance(100);
		expect(made.samples).toEqual([]);
		expect(made.events).toEqual([{ entity: "part", event: "fault", reason }]);
		expect(sensor.open).toBe(0);
	});

	it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("by wanting to wait %s ms is a fault, not silence", (waitMs) => {
		sensor.waitMs = waitMs;
		expect(bench().events).toEqual([{ entity: "part", event: "fault", reason: `it wants to wait ${waitMs} ms` }]);
	});

	it("twice, also at being closed, is told with the first reason", () => {
		const made = bench().advance(100);
		sensor.read = () => {
			sensor.broken = "close";
			throw new Error("no answer");
		};
		made.advance(EVERY_MS);
		expect(made.events).toEqual([{ entity: "part", event: "fault", reason: "no answer" }]);
	});
});

describe("closing a sensor", () => {
	it("gives the bus back and measures no more", () => {
		const made = bench().advance(100);
		made.entity.close();
		made.advance(10 * EVERY_MS);
		expect([made.samples.length, sensor.open]).toEqual([1, 0]);
	});
});
