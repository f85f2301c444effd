import { beforeEach, describe, expect, it } from "vitest";
import { closeBoot, countBoot } from "../../firmware/runtime/boot.js";
import { VirtualBoard } from "../virtual/board.js";

let board: VirtualBoard;
let lines: string[];
beforeEach(() => {
	board = new VirtualBoard();
	lines = [];
});

function count() {
	return countBoot(board, (line) => lines.push(line));
}

describe("counting the starts", () => {
	it("begins with 1, and writes once where the start before ended well", () => {
		for (const boot of [1, 2, 3]) {
			expect(count()).toEqual({ boot, cuts: 0 });
			closeBoot(board, boot);
		}
		expect(board.store.writes).toBe(6);
	});

	it("counts the starts that ended without a chance to save", () => {
		expect([count(), count(), count()].map(({ cuts }) => cuts)).toEqual([0, 1, 2]);
		closeBoot(board, 3);
		expect(count()).toEqual({ boot: 4, cuts: 2 });
		expect(count()).toEqual({ boot: 5, cuts: 3 });
	});

	it.each(["", "x", "-1", "1e300", "NaN", "1.5"])(
		"never gives an old number again when the flash says %j",
		(stored) => {
			board.store.set("boot", stored);
			board.store.set("cuts", stored);
			const { boot } = count();
			expect(boot).toBeGreaterThanOrEqual(2 ** 40);
			expect(count().boot).toBe(boot + 1);
		},
	);

	it.each(["get", "set"] as const)("draws a number when the flash fails at %s, and says so", (verb) => {
		board.store[verb] = () => {
			throw new Error("flash is broken");
		};
		const boots = new Set([count(), count(), count()].map(({ boot }) => boot));
		expect(boots.size).toBe(3);
		for (const boot of boots) expect(Number.isSafeInteger(boot) && boot >= 2 ** 40).toBe(true);
		expect(lines[0]).toBe("the boot counter could not be stored: flash is broken");
	});
});
