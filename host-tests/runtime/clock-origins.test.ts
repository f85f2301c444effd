import { beforeEach, describe, expect, it } from "vitest";
import { ClockOrigins } from "../../firmware/runtime/clock-origins.js";
import { VirtualBoard } from "../virtual/board.js";

let board: VirtualBoard;
beforeEach(() => {
	board = new VirtualBoard();
});

/** A boot that stored something before it knew the date, and then learnt it. */
function boot(number: number): ClockOrigins {
	const origins = new ClockOrigins({ board, boot: number });
	origins.stored(undefined);
	board.clock.setWallMs(board.world.trueMs);
	origins.settle();
	return origins;
}

describe("the origins of clocks", () => {
	it("are unknown while the date is, and then the same at any time", () => {
		const origins = new ClockOrigins({ board, boot: 1 });
		expect([origins.now(), origins.of(1)]).toEqual([undefined, undefined]);
		board.world.advance(5_000);
		board.clock.setWallMs(board.world.trueMs);
		expect([origins.now(), origins.of(1)]).toEqual([board.world.beginMs, board.world.beginMs]);
	});

	it("are written only when something waits for one, and once", () => {
		const origins = new ClockOrigins({ board, boot: 1 });
		origins.settle();
		origins.stored(undefined);
		origins.settle();
		expect(board.store.writes).toBe(0);
		board.clock.setWallMs(board.world.trueMs);
		origins.stored(5);
		origins.settle();
		origins.settle();
		expect(board.store.writes).toBe(1);
		expect(new ClockOrigins({ board, boot: 2 }).of(1)).toBe(board.world.beginMs);
	});

	it("are remembered for the latest boots", () => {
		for (let number = 1; number <= 12; number++) boot(number);
		const origins = new ClockOrigins({ board, boot: 13 });
		expect([1, 4, 5, 12].map((number) => origins.of(number) !== undefined)).toEqual([false, false, true, true]);
		expect([origins.of(2), origins.of(99)]).toEqual([undefined, undefined]);
	});

	it("are unknown when flash says nonsense or nothing", () => {
		for (const stored of ["", "1", "1:", "1:x", "1:-5", "1:1e999", ":::,,,"]) {
			board.store.set("origins", stored);
			expect(new ClockOrigins({ board, boot: 2 }).of(1)).toBeUndefined();
		}
		board.store.get = () => {
			throw new Error("flash is broken");
		};
		expect(new ClockOrigins({ board, boot: 2 }).of(1)).toBeUndefined();
	});
});
