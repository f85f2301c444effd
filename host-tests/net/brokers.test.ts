import { describe, expect, it } from "vitest";
import { Brokers } from "../../firmware/net/brokers.js";

const MIN_MS = 60_000;

function brokers(count: number): Brokers {
	return new Brokers(Array.from({ length: count }, (_, i) => ({ host: `${i}.test`, port: 1883 })));
}

/** Whose turn it is after each of so many failures. */
function turns(choice: Brokers, failures: number): number[] {
	return Array.from({ length: failures }, () => {
		choice.failed(false, 0);
		return choice.index;
	});
}

describe("several brokers", () => {
	it("take turns, one attempt each, while none has answered yet", () => {
		expect(turns(brokers(3), 6)).toEqual([1, 2, 0, 1, 2, 0]);
	});

	it("give the one that answered last three attempts before the next", () => {
		const choice = brokers(2);
		choice.online(0, 0);
		expect(turns(choice, 8)).toEqual([0, 0, 1, 0, 0, 0, 1, 0]);
	});

	it("leave one at once where asking again is hopeless", () => {
		const choice = brokers(2);
		choice.online(0, 0);
		choice.failed(true, 0);
		expect(choice.index).toBe(1);
	});

	it("back off each by itself", () => {
		const choice = brokers(2);
		choice.failed(true, 0.5);
		expect(choice.pauseMs(0.99)).toBeLessThan(2_000); // the other one has done nothing
		choice.failed(false, 0.5);
		expect(choice.pauseMs(0)).toBe(MIN_MS); // back at the one that refused us
	});

	it("are left for the preferred one after 10 to 20 minutes, and each time twice as late, up to a day", () => {
		const choice = brokers(2);
		choice.failed(false, 0);
		const waits = Array.from({ length: 10 }, () => {
			choice.online(0, 0);
			const { returnDueMs } = choice;
			choice.goHome();
			expect(choice.index).toBe(0);
			choice.failed(false, 0);
			expect(choice.index).toBe(1);
			return returnDueMs / MIN_MS;
		});
		expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1_280, 1_440, 1_440]);
		choice.online(0, 0.5);
		expect(choice.returnDueMs).toBe(1.5 * 1_440 * MIN_MS);
	});

	it("are content with the preferred one, and look soon again after it was there", () => {
		const choice = brokers(2);
		choice.online(0, 0);
		expect(choice.returnDueMs).toBe(Number.POSITIVE_INFINITY);
		turns(choice, 3);
		choice.online(0, 0);
		expect(choice.returnDueMs).toBe(10 * MIN_MS);
	});

	it("keep the version of each", () => {
		const choice = brokers(2);
		choice.version = 4;
		choice.failed(false, 0);
		expect(choice.version).toBe(5);
		choice.failed(false, 0);
		expect(choice.version).toBe(4);
	});
});

describe("one broker", () => {
	it("keeps its turn, and waits longer and longer until a connection lasted", () => {
		const choice = brokers(1);
		const waits = Array.from({ length: 9 }, () => Math.round(choice.failed(false, 1 - 1e-9) / 1_000));
		expect(waits).toEqual([2, 4, 8, 16, 32, 64, 120, 120, 120]);
		choice.online(0, 0);
		expect(choice.failed(false, 1 - 1e-9)).toBeGreaterThan(100_000);
		choice.steady();
		expect(choice.failed(false, 1 - 1e-9)).toBeLessThan(2_000);
	});

	it("is tried again at the same pace when something else failed", () => {
		const choice = brokers(1);
		const waits = Array.from({ length: 3 }, () => Math.round(choice.again(1 - 1e-9) / 1_000));
		expect(waits).toEqual([2, 4, 8]);
	});
});
