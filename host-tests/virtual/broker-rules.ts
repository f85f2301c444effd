import type { Packet, Properties } from "../../firmware/mqtt/packet.js";
import type { VirtualBroker } from "./broker.js";

/** MQTT 3.1.1 return codes for the reason codes of MQTT 5 from 0x84 on. */
export const RETURN_CODES: Record<number, number> = { 132: 1, 133: 2, 134: 4, 135: 5, 136: 3 };

/**
 * What is wrong with a client's PUBLISH, or undefined.
 * @param open identifiers of its messages on this connection that are not acknowledged to the end.
 * @param received identifiers of its QoS 2 messages that it has not released.
 * @param limits what the client was told in CONNACK.
 */
export function publishFault(
	packet: Packet,
	open: ReadonlySet<number>,
	received: ReadonlySet<number>,
	limits: Properties,
): string | undefined {
	const { qos, retain, dup, messageId = 0 } = packet;
	if (qos > (limits.maximumQoS ?? 2)) return `publishes with QoS ${qos}`; // [MQTT-3.2.2-11]
	if (retain && limits.retainAvailable === false) return "publishes a retained message"; // [MQTT-3.2.2-14]
	if (qos === 0) return undefined;
	if (messageId === 0) return "publishes with the identifier 0"; // [MQTT-2.2.1-3]
	const isAgain = qos === 2 && dup && received.has(messageId) && !open.has(messageId);
	if (!isAgain && (open.has(messageId) || received.has(messageId))) return `uses the identifier ${messageId} twice`; // [MQTT-2.2.1-3]
	return open.size < (limits.receiveMaximum ?? 65_535) ? undefined : "publishes too much at once"; // [MQTT-3.3.4-9]
}

/** How long the session of a CONNECT outlives its connection (MQTT 5 §3.1.2.11.2, MQTT 3.1.1 §3.1.2.4). */
export function sessionExpiryS({ protocolVersion, clean, properties }: Packet): number {
	if (protocolVersion === 5) return properties?.sessionExpiryInterval ?? 0;
	return clean ? 0 : Number.POSITIVE_INFINITY;
}

/** The reason code with which the CONNECT of somebody unknown is refused, or 0. */
export function connectRefusal(packet: Packet, { options, text }: VirtualBroker): number {
	const { username, password } = packet;
	const given = password && text.decode(password, 0, password.length);
	const known = options.user === undefined || (username === options.user.name && given === options.user.password);
	return known ? (options.admit?.(packet) ?? 0) : 0x86;
}

/** What the topic aliases of one connection stand for (MQTT 5 §3.3.2.3.4). */
export class AliasTable {
	private readonly topics = new Map<number, string>();

	/** The topic of a PUBLISH, or of its alias; undefined when it may not use that. */
	topicOf({ topic, properties }: Packet, aliasMax: number): string | undefined {
		const alias = properties?.topicAlias;
		if (alias === undefined) return topic ?? undefined;
		if (alias === 0 || alias > aliasMax) return undefined; // [MQTT-3.3.2-8, -9]
		if (topic) this.topics.set(alias, topic);
		return this.topics.get(alias);
	}
}
