import { describe, expect, it } from "vitest";
import { relay } from "../../firmware/drivers/relay.js";
import { minutes } from "../../firmware/model/units.js";
import { switchContract } from "../contracts/actuator-contract.js";
import { runChecks } from "../contracts/run-checks.js";

const cases = [
	{ definition: relay({ pin: 26 }), pin: 26, on: 1, off: 0 },
	{ definition: relay({ pin: 26, activeLow: true }), pin: 26, on: 0, off: 1 },
	{ definition: relay({ pin: 5, safe: "ON" }), pin: 5, on: 1, off: 0 },
	{ definition: relay({ pin: 5, safe: "ON", activeLow: true }), pin: 5, on: 0, off: 1 },
] as const;

for (const test of cases) {
	runChecks(`switch contract: relay, ON is ${test.on}, safe is ${test.definition.safe}`, switchContract(test));
}

describe("relay", () => {
	it("hands its limits to whoever keeps them", () => {
		const onLinkLost = { after: minutes(5), go: "OFF" } as const;
		expect(relay({ pin: 26, maxOn: minutes(10), onLinkLost })).toMatchObject({ maxOnMs: 600_000, onLinkLost });
		expect(relay({ pin: 26 })).not.toHaveProperty("maxOnMs");
	});
});
