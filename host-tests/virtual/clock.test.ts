import { describe, expect, it } from "vitest";
import { clockContract } from "../contracts/clock-contract.js";
import { RecordingEntry } from "../contracts/entry.js";
import { runChecks } from "../contracts/run-checks.js";
import { VirtualBoard } from "./board.js";

for (const driftPpm of [0, 50, -50]) {
	runChecks(
		`clock contract: virtual, ${driftPpm} ppm`,
		clockContract(() => {
			const board = new VirtualBoard({ driftPpm });
			const entry = new RecordingEntry();
			board.attach(entry);
			return {
				clock: board.clock,
				entry,
				alarm: (handler) => board.alarm(handler),
				pass: (ms) => board.world.advance(ms),
				slackMs: driftPpm === 0 ? 0 : 1,
			};
		}),
	);
}

describe("VirtualClock", () => {
	it("does not know the date until it is told", () => {
		const { clock } = new VirtualBoard();
		expect(clock.wallMs()).toBeUndefined();
		clock.step(1_000);
		expect(clock.wallMs()).toBeUndefined();
		expect(() => clock.setWallMs(Number.NaN)).toThrow("NaN is no date");
	});

	it("can be stepped from outside, and drifts", () => {
		const board = new VirtualBoard({ driftPpm: 100 });
		board.clock.setWallMs(board.world.trueMs);
		board.world.advance(10_000_000);
		expect((board.clock.wallMs() as number) - board.world.trueMs).toBe(1_000);
		board.clock.step(-3_600_000);
		expect((board.clock.wallMs() as number) - board.world.trueMs).toBe(1_000 - 3_600_000);
		expect(board.clock.monotonicMs()).toBe(10_001_000);
	});

	it("refuses delays that are none", () => {
		const alarm = new VirtualBoard().alarm({ onAlarm: () => undefined });
		for (const delayMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
			expect(() => alarm.arm(delayMs)).toThrow("is no delay");
		}
	});

	it("needs somebody attached before anything happens", () => {
		const board = new VirtualBoard();
		board.alarm({ onAlarm: () => undefined }).arm(1);
		expect(() => board.world.advance(1)).toThrow("nobody is attached");
	});
});
