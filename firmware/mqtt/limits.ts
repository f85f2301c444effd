import type { Properties } from "./packet.js";
import { isTopicFilter, SHARED } from "./topics.js";
import type { SubscribeOptions } from "./types.js";

/** What the server allows (MQTT 5 §3.2.2.3); a 3.1.1 server allows everything. */
export class ServerLimits {
	receiveMaximum = 65_535;
	maximumQos = 2;
	retainAvailable = true;
	/** Largest packet it takes, in bytes with its fixed header. */
	maximumPacketBytes = Number.POSITIVE_INFINITY;
	/** Topic aliases that we may use. */
	topicAliasMaximum = 0;
	wildcardsAvailable = true;
	sharedAvailable = true;
	subscriptionIdsAvailable = true;
	/** The keep-alive it asks for, or -1 when it leaves that to us. */
	keepAliveS = -1;

	/** Takes over what a CONNACK says; what it does not say is the specification's default. */
	read(properties: Properties | undefined): void {
		this.receiveMaximum = properties?.receiveMaximum ?? 65_535;
		this.maximumQos = properties?.maximumQoS ?? 2;
		this.retainAvailable = properties?.retainAvailable ?? true;
		this.maximumPacketBytes = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
		this.topicAliasMaximum = properties?.topicAliasMaximum ?? 0;
		this.wildcardsAvailable = properties?.wildcardSubscriptionAvailable ?? true;
		this.sharedAvailable = properties?.sharedSubscriptionAvailable ?? true;
		this.subscriptionIdsAvailable = properties?.subscriptionIdentifiersAvailable ?? true;
		this.keepAliveS = properties?.serverKeepAlive ?? -1;
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
