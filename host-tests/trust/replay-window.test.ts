import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReplayWindow } from "../../firmware/trust/replay-window.js";

const NOW_S = 1_790_000_000;

function markOf(n: number): string {
	return `m${String(n).padStart(10, "0")}`;
}

/** A device that keeps its window in flash, and starts again whenever told. */
class Device {
	stored: string | undefined;

	/** Whether the command was carried out. */
	take(issuedS: number, n: number): boolean {
		const window = new ReplayWindow(this.stored, NOW_S);
		if (window.refusal(issuedS, markOf(n)) !== undefined) return false;
		this.stored = window.admit(issuedS, markOf(n));
		return true;
	}
}

describe("the window of commands that were here", () => {
	it("lets each pass once, in any order", () => {
		const device = new Device();
		expect([device.take(NOW_S, 1), device.take(NOW_S - 5, 2), device.take(NOW_S, 3)]).toEqual([true, true, true]);
		expect([device.take(NOW_S, 1), device.take(NOW_S - 5, 2), device.take(NOW_S, 3)]).toEqual([false, false, false]);
	});

	it("refuses, when it has overflowed, all that is as old as what it forgot", () => {
		const device = new Device();
		for (let n = 0; n < 25; n++) expect(device.take(NOW_S + n, n)).toBe(true);
		expect(new ReplayWindow(device.stored, NOW_S).refusal(NOW_S, markOf(0))).toContain("make it anew");
		expect(device.take(NOW_S, 99)).toBe(false);
		expect(device.take(NOW_S + 1, 98)).toBe(true);
	});

	it("never lets one pass twice, however many come and in whatever order", () => {
		const commands = fc.array(fc.nat(60), { minLength: 20, maxLength: 200 });
		fc.assert(
			fc.property(commands, (all) => {
				const device = new Device();
				const done = new Set<number>();
				// One number is one command, and was made at one time.
				for (const n of all) {
					if (!device.take(NOW_S + ((n * 7) % 31), n)) continue;
					expect(done.has(n)).toBe(false);
					done.add(n);
				}
			}),
			{ numRuns: 500 },
		);
	});

	it("always takes a new command that was made after all others", () => {
		const device = new Device();
		for (let n = 0; n < 500; n++) expect(device.take(NOW_S + n, n)).toBe(true);
	});

	it("fits into one value of the store, however much is in it", () => {
		const device = new Device();
		for (let n = 0; n < 100; n++) device.take(9_999_999_999 + (n % 7), n);
		expect(device.stored?.length).toBeLessThan(450);
	});

	it.each(["", "0", "rubbish", "0,1:short", "-1", "1.5", "0,x:m0000000001", "0,1790000000", "99999999999999999999"])(
		"that reads %j lets nothing pass that was made before now",
		(stored) => {
			const window = new ReplayWindow(stored, NOW_S);
			if (stored !== "0") expect(window.refusal(NOW_S, markOf(1))).toContain("make it anew");
			expect(window.refusal(NOW_S + 1, markOf(1))).toBeUndefined();
			expect(new ReplayWindow(window.admit(NOW_S + 1, markOf(1)), NOW_S).refusal(NOW_S + 1, markOf(1))).toBe(
				"it was here before",
			);
		},
	);
});
