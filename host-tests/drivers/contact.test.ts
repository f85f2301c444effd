import { describe, expect, it } from "vitest";
import { contact } from "../../firmware/drivers/contact.js";
import { inputContract } from "../contracts/input-contract.js";
import { runChecks } from "../contracts/run-checks.js";

const cases = [
	{ definition: contact({ pin: 4 }), pin: 4, pull: "up", closed: true },
	{ definition: contact({ pin: 4, pull: "down" }), pin: 4, pull: "down", closed: true },
	{ definition: contact({ pin: 35, pull: "none", deviceClass: "moisture" }), pin: 35, pull: "none", closed: true },
	{ definition: contact({ pin: 4, deviceClass: "door" }), pin: 4, pull: "up", closed: false },
	{ definition: contact({ pin: 4, pull: "down", deviceClass: "window" }), pin: 4, pull: "down", closed: false },
	{ definition: contact({ pin: 4, deviceClass: "door", activeLow: true }), pin: 4, pull: "up", closed: true },
] as const;

for (const test of cases) {
	const name = `${test.definition.deviceClass ?? "plain"} contact, pull ${test.pull}, closed is ${test.closed}`;
	runChecks(`input contract: ${name}`, inputContract(test));
}

describe("contact", () => {
	it("tells its device class only where it has one", () => {
		expect(contact({ pin: 4, deviceClass: "door", debounce: 50 })).toMatchObject({
			deviceClass: "door",
			debounceMs: 50,
		});
		expect(contact({ pin: 4 })).not.toHaveProperty("deviceClass");
	});
});
