import { describe, expect, it } from "vitest";
import { TimeFloor } from "../../firmware/net/time-floor.js";
import type { Store } from "../../firmware/ports/store.js";

const BUILT_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

class CountingStore implements Store {
	writes = 0;
	value: string | undefined;
	broken = false;

	get(): string | undefined {
		if (this.broken) throw new Error("flash");
		return this.value;
	}

	set(_key: string, value: string): void {
		if (this.broken) throw new Error("flash");
		this.writes++;
		this.value = value;
	}

	delete(): void {
		this.value = undefined;
	}
}

describe("the earliest time believed", () => {
	it("is when the firmware was built, and never before its code was written", () => {
		expect(new TimeFloor(new CountingStore(), BUILT_MS).earliestMs).toBe(BUILT_MS);
		expect(new TimeFloor(new CountingStore(), undefined).earliestMs).toBe(Date.UTC(2025, 0, 1));
		expect(new TimeFloor(new CountingStore(), 0).earliestMs).toBe(Date.UTC(2025, 0, 1));
	});

	it("is the last time known, also after a restart", () => {
		const store = new CountingStore();
		new TimeFloor(store, BUILT_MS).confirm(BUILT_MS + 5 * DAY_MS);
		expect(new TimeFloor(store, BUILT_MS).earliestMs).toBe(BUILT_MS + 5 * DAY_MS);
	});

	it("never goes back", () => {
		const floor = new TimeFloor(new CountingStore(), BUILT_MS);
		floor.confirm(BUILT_MS + 5 * DAY_MS);
		floor.confirm(BUILT_MS + DAY_MS);
		expect(floor.earliestMs).toBe(BUILT_MS + 5 * DAY_MS);
	});

	it("is written once a day at most, also in a loop of restarts", () => {
		const store = new CountingStore();
		for (let minute = 0; minute < 10 * 24 * 60; minute++) {
			new TimeFloor(store, BUILT_MS).confirm(BUILT_MS + minute * 60_000);
		}
		expect(store.writes).toBe(9);
	});

	it("goes no more than 30 days ahead at once: one lie must not lock the device out for good", () => {
		const store = new CountingStore();
		const floor = new TimeFloor(store, BUILT_MS);
		floor.confirm(BUILT_MS + 3_650 * DAY_MS);
		expect(floor.earliestMs).toBe(BUILT_MS + 30 * DAY_MS);
	});

	it.each(["", "soon", "NaN", "-1", "1e300", "9999999999999999"])("takes the stored %j for nothing", (value) => {
		const store = new CountingStore();
		store.value = value;
		expect(new TimeFloor(store, BUILT_MS).earliestMs).toBe(BUILT_MS);
	});

	it("does without a store that fails", () => {
		const store = new CountingStore();
		store.broken = true;
		const floor = new TimeFloor(store, BUILT_MS);
		floor.confirm(BUILT_MS + 2 * DAY_MS);
		expect(floor.earliestMs).toBe(BUILT_MS + 2 * DAY_MS);
	});
});
