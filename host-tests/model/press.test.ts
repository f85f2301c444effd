import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type PressEvent, PressMachine } from "../../firmware/model/press.js";

const DEBOUNCE_MS = 30;
const HOLD_MS = 1_000;

interface Told {
	readonly atMs: number;
	readonly event: PressEvent;
}

/** Plays levels that last so long each, calling `run` when it is due as the runtime does. */
class Player {
	readonly machine = new PressMachine({ debounceMs: DEBOUNCE_MS, holdMs: HOLD_MS });
	readonly told: Told[] = [];
	readonly actives: boolean[] = [];
	nowMs = 0;

	level(active: boolean, forMs: number): this {
		this.#tell(this.machine.input(active, this.nowMs));
		const endMs = this.nowMs + forMs;
		while (this.machine.dueMs < endMs) {
			this.nowMs = Math.max(this.nowMs, this.machine.dueMs);
			this.#tell(this.machine.run(this.nowMs));
		}
		this.nowMs = endMs;
		return this;
	}

	bounce(pattern: readonly number[], first: boolean): this {
		let active = first;
		for (const forMs of pattern) {
			this.level(active, forMs);
			active = !active;
		}
		return this;
	}

	get events(): PressEvent[] {
		return this.told.map(({ event }) => event);
	}

	#tell(event: PressEvent | undefined): void {
		if (event !== undefined) this.told.push({ atMs: this.nowMs, event });
		if (this.actives.at(-1) !== this.machine.active) this.actives.push(this.machine.active);
	}
}

/** Any number of bounces, each shorter than the debounce time. */
const bounces = fc.array(fc.integer({ min: 0, max: DEBOUNCE_MS - 1 }), { maxLength: 20 });

describe("PressMachine", () => {
	it("tells a press when it ends", () => {
		const player = new Player().level(true, 200).level(false, 200);
		expect(player.told).toEqual([{ atMs: 230, event: "press" }]);
	});

	it("tells a hold once while it lasts, and its end", () => {
		const player = new Player().level(true, 3_000).level(false, 100);
		expect(player.told).toEqual([
			{ atMs: 1_000, event: "hold" },
			{ atMs: 3_030, event: "release" },
		]);
	});

	it("has nothing due at rest and while held", () => {
		const { machine } = new Player().level(true, 2_000);
		expect(machine.dueMs).toBe(Number.POSITIVE_INFINITY);
		expect(new PressMachine({ debounceMs: DEBOUNCE_MS, holdMs: HOLD_MS }).dueMs).toBe(Number.POSITIVE_INFINITY);
	});

	it("settles at once without a debounce time, one event for each call", () => {
		const machine = new PressMachine({ debounceMs: 0, holdMs: HOLD_MS });
		expect(machine.input(true, 5)).toBeUndefined();
		expect(machine.active).toBe(true);
		expect(machine.input(false, 6)).toBe("press");
		machine.input(true, 10);
		expect(machine.input(false, 5_000)).toBe("hold"); // nobody called run in time
		expect(machine.run(5_000)).toBe("release");
	});

	it("never holds when the hold time is infinite", () => {
		const machine = new PressMachine({ debounceMs: DEBOUNCE_MS });
		machine.input(true, 0);
		expect(machine.run(1e12)).toBeUndefined();
		expect(machine.active).toBe(true);
		expect(machine.dueMs).toBe(Number.POSITIVE_INFINITY);
	});

	it("takes a contact that is active from the start for no press", () => {
		const machine = new PressMachine({ debounceMs: DEBOUNCE_MS, holdMs: HOLD_MS }, true);
		expect(machine.active).toBe(true);
		expect(machine.run(10_000)).toBeUndefined();
		machine.input(false, 20_000);
		expect(machine.run(20_030)).toBe("release");
		expect(machine.active).toBe(false);
	});

	it("waits longer when its owner puts it off", () => {
		const machine = new PressMachine({ debounceMs: DEBOUNCE_MS, holdMs: HOLD_MS });
		machine.input(true, 0);
		machine.dueMs = 500;
		machine.run(499);
		expect(machine.active).toBe(false);
		machine.run(500);
		expect(machine.active).toBe(true);
	});

	it("lets a release that began before the hold time be a press", () => {
		const player = new Player().level(true, HOLD_MS - 1).level(false, 100);
		expect(player.events).toEqual(["press"]);
	});

	it("property: noise shorter than the debounce time is nothing", () => {
		fc.assert(
			fc.property(bounces, (noise) => {
				const player = new Player().bounce(noise, true).level(false, 5_000);
				expect(player.events).toEqual([]);
				expect(player.actives).toEqual([false]);
			}),
		);
	});

	it("property: one press is one press, however it bounces at both ends", () => {
		const down = fc.integer({ min: DEBOUNCE_MS + 1, max: HOLD_MS - 1 });
		fc.assert(
			fc.property(bounces, down, bounces, (closing, downMs, opening) => {
				const player = new Player().bounce(closing, true).level(true, downMs);
				player.bounce(opening, false).level(false, 5_000);
				const bouncedMs = opening.reduce((sum, forMs) => sum + forMs, 0);
				fc.pre(downMs + bouncedMs < HOLD_MS); // else it may rightly be a hold
				expect(player.events).toEqual(["press"]);
				expect(player.actives.at(-1)).toBe(false);
				expect(player.actives.filter((active) => active)).toHaveLength(1);
			}),
		);
	});

	it("property: one hold is one hold and one release, however it bounces", () => {
		const down = fc.integer({ min: HOLD_MS + DEBOUNCE_MS, max: 60_000 });
		fc.assert(
			fc.property(bounces, down, bounces, (closing, downMs, opening) => {
				const player = new Player().bounce(closing, true).level(true, downMs);
				player.bounce(opening, false).level(false, 5_000);
				expect(player.events).toEqual(["hold", "release"]);
			}),
		);
	});

	it("property: under any edges at all, `active` is the level that lasted, and every event has its cause", () => {
		const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 1_500 })), { maxLength: 60 });
		fc.assert(
			fc.property(steps, (pattern) => {
				const player = new Player();
				for (const [active, forMs] of pattern) {
					player.level(active, forMs);
					if (forMs > DEBOUNCE_MS) expect(player.machine.active).toBe(active);
				}
				player.level(false, 5_000);
				const { events } = player;
				expect(player.actives.filter((active) => active)).toHaveLength(
					events.filter((event) => event !== "release").length,
				);
				for (const [index, event] of events.entries()) {
					if (event === "hold") expect(events[index + 1]).toBe("release");
					if (event === "release") expect(events[index - 1]).toBe("hold");
				}
			}),
		);
	});

	it("does nothing when it is run although nothing is due, as after somebody else's mistake", () => {
		const held = new PressMachine({ debounceMs: DEBOUNCE_MS, holdMs: HOLD_MS }, true);
		held.dueMs = 10;
		expect(held.run(10)).toBeUndefined();
		expect(held.active).toBe(true);
		expect(held.dueMs).toBe(Number.POSITIVE_INFINITY);
		const up = new PressMachine({ debounceMs: DEBOUNCE_MS, holdMs: HOLD_MS });
		up.dueMs = 10;
		expect(up.run(10)).toBeUndefined();
		expect(up.active).toBe(false);
	});
});
