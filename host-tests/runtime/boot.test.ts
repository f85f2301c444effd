import { beforeEach, describe, expect, it } from "vitest";
import { countBoot } from "../../firmware/runtime/boot.js";
import { VirtualBoard } from "../virtual/board.js";

let board: VirtualBoard;
let lines: string[];
beforeEach(() => {
	board = new VirtualBoard();
	lines = [];
});

function count(): number {
	return countBoot(board, (line) => lines.push(line));
}

describe("counting the starts", () => {
	it("begins with 1 and writes once each time", () => {
		expect([count(), count(), count()]).toEqual([1, 2, 3]);
		expect(board.store.writes).toBe(3);
	});

	it.each(["", "x", "-1", "1e300", "NaN", "1.5"])(
		"never gives an old number again when the flash says %j",
		(stored) => {
			board.store.set("boot", stored);
			const boot = count();
			expect(boot).toBeGreaterThanOrEqual(2 ** 40);
			expect(count()).toBe(boot + 1);
		},
	);

	it.each(["get", "set"] as const)("draws a number when the flash fails at %s, and says so", (verb) => {
		board.store[verb] = () => {
			throw new Error("flash is broken");
		};
		const boots = new Set([count(), count(), count()]);
		expect(boots.size).toBe(3);
		for (const boot of boots) expect(Number.isSafeInteger(boot) && boot >= 2 ** 40).toBe(true);
		expect(lines[0]).toBe("the boot counter could not be stored: flash is broken");
	});
});
