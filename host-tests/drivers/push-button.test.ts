import { describe, expect, it } from "vitest";
import { pushButton } from "../../firmware/drivers/push-button.js";
import { inputContract } from "../contracts/input-contract.js";
import { runChecks } from "../contracts/run-checks.js";

const cases = [
	{ definition: pushButton({ pin: 0 }), pin: 0, pull: "up", closed: true },
	{ definition: pushButton({ pin: 13, pull: "down" }), pin: 13, pull: "down", closed: true },
	{ definition: pushButton({ pin: 34, pull: "none" }), pin: 34, pull: "none", closed: true },
	{ definition: pushButton({ pin: 0, activeLow: false }), pin: 0, pull: "up", closed: false },
] as const;

for (const test of cases) {
	runChecks(`input contract: push button, pull ${test.pull}, closed is ${test.closed}`, inputContract(test));
}

describe("pushButton", () => {
	it("waits for the contact to rest, and for a hold, as long as fingers need", () => {
		expect(pushButton({ pin: 0 })).toMatchObject({ debounceMs: 30, holdMs: 1_000 });
		expect(pushButton({ pin: 0, debounce: 5, hold: 3_000 })).toMatchObject({ debounceMs: 5, holdMs: 3_000 });
	});
});
