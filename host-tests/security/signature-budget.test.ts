import { describe, expect, it } from "vitest";
import { Refused } from "../../firmware/security/refused.js";
import { AGAIN_MS, BURST, SignatureBudget } from "../../firmware/security/signature-budget.js";

function budgetAt(): { budget: SignatureBudget; spent(): number; pass(ms: number): void } {
	let nowMs = 5_000;
	const budget = new SignatureBudget({ monotonicMs: () => nowMs });
	const spent = () => {
		for (let n = 0; ; n++) {
			try {
				budget.spend();
			} catch (error) {
				expect(error).toBeInstanceOf(Refused);
				return n;
			}
		}
	};
	const pass = (ms: number) => {
		nowMs += ms;
	};
	return { budget, spent, pass };
}

describe("a budget for signatures", () => {
	it("is spent after a burst, and gives one more for each interval, up to a burst", () => {
		const { spent, pass } = budgetAt();
		expect(spent()).toBe(BURST);
		pass(AGAIN_MS - 1);
		expect(spent()).toBe(0);
		pass(1);
		expect(spent()).toBe(1);
		pass(3 * AGAIN_MS);
		expect(spent()).toBe(3);
		pass(1_000 * AGAIN_MS);
		expect(spent()).toBe(BURST);
	});

	it("is never spent on what is good, and never grows by it", () => {
		const { budget, spent } = budgetAt();
		for (let n = 0; n < 100; n++) {
			budget.spend();
			budget.giveBack();
		}
		budget.giveBack();
		expect(spent()).toBe(BURST);
	});
});
