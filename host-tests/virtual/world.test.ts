import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { World } from "./world.js";

describe("World", () => {
	it("runs what is due, in order of time and then of asking, at its own time", () => {
		const world = new World();
		const seen: string[] = [];
		const see = (name: string) => () => seen.push(`${name}@${world.nowMs}`);
		world.after(20, see("c"));
		world.after(10, see("a"));
		world.after(10, see("b"));
		world.after(30, see("late"));
		world.advance(25);
		expect(seen).toEqual(["a@10", "b@10", "c@20"]);
		expect(world.nowMs).toBe(25);
		expect(world.trueMs).toBe(world.beginMs + 25);
	});

	it("runs what becomes due on the way, and nothing that was cancelled", () => {
		const world = new World();
		const seen: number[] = [];
		world.after(5, () => world.after(5, () => seen.push(world.nowMs)));
		const cancelled = world.after(7, () => seen.push(-1));
		world.after(6, () => cancelled.cancel());
		world.advance(10);
		expect(seen).toEqual([10]);
	});

	it("says so when something keeps making itself due", () => {
		const world = new World();
		const again = (): void => void world.after(0, again);
		again();
		expect(() => world.advance(1)).toThrow("time stands still at 0 ms");
	});

	it("waits until something is so, or the limit", () => {
		const world = new World();
		world.after(42, () => undefined);
		expect(world.until(() => world.nowMs >= 42)).toBe(true);
		expect(world.nowMs).toBe(42);
		expect(world.until(() => false, 100)).toBe(false);
	});

	it("repeats its chances from the same seed, spread over the whole range", () => {
		const draw = (seed: number): number[] => {
			const world = new World(seed);
			return Array.from({ length: 1_000 }, () => world.random());
		};
		expect(draw(7)).toEqual(draw(7));
		expect(draw(7)).not.toEqual(draw(8));
		const tenths = draw(3).map((value) => Math.floor(value * 10));
		for (let tenth = 0; tenth < 10; tenth++)
			expect(tenths.filter((value) => value === tenth).length).toBeGreaterThan(60);
	});

	it("property: any delays come out sorted", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (delays) => {
				const world = new World();
				const seen: [number, number][] = [];
				for (const [index, delay] of delays.entries()) world.after(delay, () => seen.push([delay, index]));
				world.advance(50);
				expect(seen).toEqual([...seen].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
				expect(seen).toHaveLength(delays.length);
			}),
		);
	});
});
