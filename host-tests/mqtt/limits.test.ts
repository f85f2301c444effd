import { describe, expect, it } from "vitest";
import { filterFault, ServerLimits } from "../../firmware/mqtt/limits.js";

it("takes what the server says, and the specification's defaults for the rest (MQTT 5 §3.2.2.3)", () => {
	const limits = new ServerLimits();
	const defaults = {
		receiveMaximum: 65_535,
		maximumQos: 2,
		retainAvailable: true,
		wildcardsAvailable: true,
		sharedAvailable: true,
		subscriptionIdsAvailable: true,
	};
	expect(limits).toMatchObject(defaults);
	limits.read({ receiveMaximum: 3, maximumQoS: 0, retainAvailable: false });
	expect(limits).toMatchObject({ ...defaults, receiveMaximum: 3, maximumQos: 0, retainAvailable: false });
	limits.read({ wildcardSubscriptionAvailable: false });
	expect(limits).toMatchObject({ ...defaults, wildcardsAvailable: false });
	limits.read({ sharedSubscriptionAvailable: false });
	expect(limits).toMatchObject({ ...defaults, sharedAvailable: false });
	limits.read({ subscriptionIdentifiersAvailable: false });
	expect(limits).toMatchObject({ ...defaults, subscriptionIdsAvailable: false });
	limits.read(undefined);
	expect(limits).toMatchObject(defaults); // nothing of the last server remains
});

describe("what may be subscribed to", () => {
	const able = new ServerLimits();
	const poor = new ServerLimits();
	poor.read({
		wildcardSubscriptionAvailable: false,
		sharedSubscriptionAvailable: false,
		subscriptionIdentifiersAvailable: false,
	});

	it("is a valid filter [MQTT-4.7.1-1, -2, -3, MQTT-4.8.2-1, MQTT-3.8.3-2]", () => {
		expect(filterFault(["a/+", "#", "$share/g/a/#"], { subscriptionId: 1 }, able)).toBeUndefined();
		expect(filterFault(["a", "a#"], undefined, able)).toBe('"a#" is not a filter that one can subscribe to');
		expect(filterFault([], undefined, able)).toBe("There is nothing to subscribe to");
	});

	it("is one of a kind that the server has (§3.2.2.3.11 to §3.2.2.3.13)", () => {
		expect(filterFault(["a"], undefined, poor)).toBeUndefined();
		expect(filterFault(["a/+"], undefined, poor)).toBe("The broker knows no wildcards, such as in a/+");
		expect(filterFault(["$share/g/a"], undefined, poor)).toBe(
			"The broker knows no shared subscriptions, such as $share/g/a",
		);
		expect(filterFault(["a"], { subscriptionId: 7 }, poor)).toBe("The broker knows no subscription identifiers");
	});

	it("is not shared and at once without our own [MQTT-3.8.3-4]", () => {
		expect(filterFault(["a"], { noLocal: true }, able)).toBeUndefined();
		expect(filterFault(["$share/g/a"], { noLocal: true }, able)).toMatch(/cannot be "no local"/);
	});
});
