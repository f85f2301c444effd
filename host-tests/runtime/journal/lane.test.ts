import { describe, expect, it } from "vitest";
import { Lane } from "../../../firmware/runtime/journal/lane.js";
import { HEADER_BYTES } from "../../../firmware/runtime/journal/layout.js";

describe("a lane of a journal", () => {
	it("begins with nothing in flash", () => {
		const lane = new Lane(3);
		expect([lane.limit, lane.oldest, lane.newest, lane.end, lane.stored]).toEqual([3, -1, -1, 0, 0]);
	});

	it("would lose what is left of its oldest segment, but not what is held in memory", () => {
		const lane = new Lane(3);
		lane.readFrom(2, 9);
		expect([lane.oldest, lane.at, lane.unheld]).toEqual([2, HEADER_BYTES, 9]);
		lane.held = 4;
		lane.heldBytes = 50;
		expect(lane.unheld).toBe(5);
		lane.heldBytes = 0; // its segment is gone already
		expect(lane.unheld).toBe(9);
		lane.leave();
		expect([lane.oldest, lane.newest, lane.unheld]).toEqual([-1, -1, 0]);
	});
});
