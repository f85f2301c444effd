import { describe, expect, it } from "vitest";
import { timeJson } from "../../firmware/runtime/time.js";
import { VirtualBoard } from "../virtual/board.js";

describe("the time of something that happened", () => {
	it("is unknown while the date is", () => {
		expect(timeJson(new VirtualBoard().clock, 5)).toBe("null");
	});

	it("is worked out once the date is known, for what came before and after", () => {
		const { world, clock } = new VirtualBoard();
		world.advance(10_000);
		clock.setWallMs(world.trueMs);
		expect(timeJson(clock, 4_000)).toBe(String(world.beginMs + 4_000));
		world.advance(5_000);
		expect(timeJson(clock, 12_000)).toBe(String(world.beginMs + 12_000));
	});
});
