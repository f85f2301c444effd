import type { Properties } from "./packet.js";
import { isTopicFilter, SHARED } from "./topics.js";
import type { SubscribeOptions } from "./types.js";

/** No wildcards, no shared subscriptions, no subscription identifiers: one bit each. */
const NO_WILDCARDS = 1;
const NO_SHARED = 2;
const NO_IDS = 4;

/** What the server allows (MQTT 5 §3.2.2.3), as far as it is asked for later than on connecting; a 3.1.1 server allows everything. */
export class ServerLimits {
	receiveMaximum = 65_535;
	maximumQos = 2;
	retainAvailable = true;
	/** What cannot be subscribed to: takes less memory than a field each. */
	private without = 0;

	/** Takes over what a CONNACK says; what it does not say is the specification's default. */
	read(properties: Properties | undefined): void {
		this.receiveMaximum = properties?.receiveMaximum ?? 65_535;
		this.maximumQos = properties?.maximumQoS ?? 2;
		this.retainAvailable = properties?.retainAvailable ?? true;
		this.without =
			(properties?.wildcardSubscriptionAvailable === false ? NO_WILDCARDS : 0) |
			(properties?.sharedSubscriptionAvailable === false ? NO_SHARED : 0) |
			(properties?.subscriptionIdentifiersAvailable === false ? NO_IDS : 0);
	}

	get wildcardsAvailable(): boolean {
		return (this.without & NO_WILDCARDS) === 0;
	}

	get sharedAvailable(): boolean {
		return (this.without & NO_SHARED) === 0;
	}

	get subscriptionIdsAvailable(): boolean {
		return (this.without & NO_IDS) === 0;
	}
}

/** Why these filters cannot be subscribed to, in plain words, or undefined: not valid, or not to be had at this server. */
export function filterFault(
	filters: readonly string[],
	options: SubscribeOptions | undefined,
	limits: ServerLimits,
): string | undefined {
	if (filters.length === 0) return "There is nothing to subscribe to"; // [MQTT-3.8.3-2]
	if (options?.subscriptionId !== undefined && !limits.subscriptionIdsAvailable)
		return "The broker knows no subscription identifiers";
	for (const filter of filters) {
		if (!isTopicFilter(filter)) return `"${filter}" is not a filter that one can subscribe to`;
		const isShared = filter.startsWith(SHARED);
		if (isShared && !limits.sharedAvailable) return `The broker knows no shared subscriptions, such as ${filter}`;
		if (isShared && options?.noLocal === true) return `A shared subscription cannot be "no local": ${filter}`; // [MQTT-3.8.3-4]
		if (!limits.wildcardsAvailable && hasWildcard(filter)) return `The broker knows no wildcards, such as in ${filter}`;
	}
	return undefined;
}

function hasWildcard(filter: string): boolean {
	return filter.includes("+") || filter.includes("#");
}
