import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffMs, CEILING_MS, randomFraction } from "../../firmware/net/backoff.js";
import type { Board } from "../../firmware/ports/board.js";
import { VirtualBoard } from "../virtual/board.js";

describe("backing off", () => {
	it("waits between one second and a ceiling that doubles up to two minutes", () => {
		const ceilings = [0, 1, 2, 3, 4, 5, 6, 7].map((attempt) => backoffMs(attempt, 1 - 1e-12));
		expect(ceilings.map((ms) => Math.round(ms / 100) / 10)).toEqual([2, 4, 8, 16, 32, 64, 120, 120]);
		fc.assert(
			fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
				const ms = backoffMs(attempt, random);
				expect(ms).toBeGreaterThanOrEqual(1_000);
				expect(ms).toBeLessThan(CEILING_MS);
				expect(Number.isInteger(ms)).toBe(true);
			}),
		);
	});

	it("is uniform over that time: a fleet comes back evenly", () => {
		const board = new VirtualBoard();
		const tenths = new Array<number>(10).fill(0);
		for (let i = 0; i < 10_000; i++) {
			const share = (backoffMs(20, randomFraction(board)) - 1_000) / (CEILING_MS - 1_000);
			tenths[Math.floor(share * 10)] = (tenths[Math.floor(share * 10)] as number) + 1;
		}
		for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150); // five standard deviations
	});

	it("goes on when the board has no random numbers at the moment", () => {
		const board = {
			random(): void {
				throw new Error("no entropy");
			},
		} as unknown as Board;
		expect(randomFraction(board)).toBe(0.5);
	});
});
