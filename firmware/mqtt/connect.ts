import type { PacketOut, Properties } from "./packet.js";
import { RECEIVE_MAXIMUM } from "./sender.js";
import type { SessionOptions, SubscribeOptions, Will } from "./types.js";

/**
 * The CONNECT (MQTT 5 §3.1, MQTT 3.1.1 §3.1).
 * @param clean the server is to forget what it knows of us.
 */
export function connectPacket(options: SessionOptions, clientId: string, version: 4 | 5, clean: boolean): PacketOut {
	const packet: PacketOut = {
		cmd: "connect",
		protocolVersion: version,
		clean,
		keepalive: options.keepAliveS,
		clientId,
	};
	const { will } = options;
	if (will !== undefined) {
		const { topic, payload, qos, retain } = will;
		packet.will = { topic, payload, qos, retain };
		if (version === 5) packet.will.properties = willProperties(will);
	}
	if (options.username !== undefined) packet.username = options.username;
	if (options.password !== undefined) packet.password = options.password;
	if (version === 5) packet.properties = connectProperties(options);
	return packet;
}

function connectProperties({ receiveBytesMax, sessionExpiryS = 0, topicAliasMax = 0 }: SessionOptions): Properties {
	const properties: Properties = { receiveMaximum: RECEIVE_MAXIMUM, maximumPacketSize: receiveBytesMax };
	if (sessionExpiryS > 0) properties.sessionExpiryInterval = sessionExpiryS;
	if (topicAliasMax > 0) properties.topicAliasMaximum = topicAliasMax;
	return properties;
}

function willProperties({ delayS, contentType, messageExpiryS, responseTopic, correlationData }: Will): Properties {
	const properties: Properties = {};
	if (delayS !== undefined) properties.willDelayInterval = delayS;
	if (contentType !== undefined) properties.contentType = contentType;
	if (messageExpiryS !== undefined) properties.messageExpiryInterval = messageExpiryS;
	if (responseTopic !== undefined) properties.responseTopic = responseTopic;
	if (correlationData !== undefined) properties.correlationData = correlationData;
	return properties;
}

/** One SUBSCRIBE (§3.8) for all filters. What only MQTT 5 has is not written for MQTT 3.1.1. */
export function subscribePacket(
	filters: readonly string[],
	qos: 0 | 1 | 2,
	messageId: number,
	{ noLocal = false, retainAsPublished = false, retainHandling = 0, subscriptionId }: SubscribeOptions = {},
): PacketOut {
	const settings = { qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling };
	const packet: PacketOut = {
		cmd: "subscribe",
		messageId,
		subscriptions: filters.map((topic) => ({ topic, ...settings })),
	};
	if (subscriptionId !== undefined) packet.properties = { subscriptionIdentifier: subscriptionId };
	return packet;
}

/** One UNSUBSCRIBE (§3.10) for all filters. */
export function unsubscribePacket(filters: readonly string[], messageId: number): PacketOut {
	return { cmd: "unsubscribe", messageId, unsubscriptions: filters };
}
