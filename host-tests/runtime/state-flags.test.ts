import { describe, expect, it } from "vitest";
import {
	markAcknowledged,
	markAllChanged,
	markChanged,
	markLost,
	markSent,
	nextChanged,
	retryRefused,
	stateFlags,
} from "../../firmware/runtime/state-flags.js";

describe("states to publish", () => {
	it("go in order, each once", () => {
		const flags = stateFlags(3);
		expect(nextChanged(flags, 0)).toBe(-1);
		markChanged(flags, 2);
		markChanged(flags, 0);
		expect(nextChanged(flags, 0)).toBe(0);
		markSent(flags, 0);
		expect(nextChanged(flags, 0)).toBe(2);
		markSent(flags, 2);
		expect(nextChanged(flags, 0)).toBe(-1);
	});

	it("wait for the acknowledgement when they change on their way, and go once more", () => {
		const flags = stateFlags(1);
		markChanged(flags, 0);
		markSent(flags, 0);
		markChanged(flags, 0);
		markChanged(flags, 0);
		expect(nextChanged(flags, 0)).toBe(-1);
		markAcknowledged(flags, 0, false);
		expect(nextChanged(flags, 0)).toBe(0);
		markSent(flags, 0);
		markAcknowledged(flags, 0, false);
		expect(nextChanged(flags, 0)).toBe(-1);
	});

	it("go again when the connection ends under way, and only those", () => {
		const flags = stateFlags(3);
		markAllChanged(flags, 0);
		for (const index of [0, 1, 2]) markSent(flags, index);
		markChanged(flags, 1);
		markAcknowledged(flags, 2, false);
		markLost(flags);
		expect(nextChanged(flags, 0)).toBe(0);
		markSent(flags, 0);
		expect(nextChanged(flags, 0)).toBe(1);
		markSent(flags, 1);
		expect(nextChanged(flags, 0)).toBe(-1);
	});

	it("go again when told to, where they were refused and have not changed since", () => {
		const flags = stateFlags(3);
		markAllChanged(flags, 0);
		for (const index of [0, 1, 2]) markSent(flags, index);
		markChanged(flags, 1);
		for (const index of [0, 1]) markAcknowledged(flags, index, true);
		expect(nextChanged(flags, 0)).toBe(1);
		markSent(flags, 1);
		retryRefused(flags);
		expect(nextChanged(flags, 0)).toBe(0);
		expect(nextChanged(flags, 1)).toBe(-1);
	});
});
