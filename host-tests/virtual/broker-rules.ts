import type { Packet, Properties } from "../../firmware/mqtt/packet.js";

/**
 * What is wrong with a client's PUBLISH, or undefined.
 * @param owed identifiers of its messages that are not acknowledged yet.
 * @param limits what the client was told in CONNACK.
 */
export function publishFault(packet: Packet, owed: readonly number[], limits: Properties): string | undefined {
	const { qos, retain, messageId = 0 } = packet;
	if (qos > Math.min(limits.maximumQoS ?? 1, 1)) return `publishes with QoS ${qos}`; // this broker knows no QoS 2
	if (retain && limits.retainAvailable === false) return "publishes a retained message"; // [MQTT-3.2.2-14]
	if (qos === 0) return undefined;
	if (messageId === 0) return "publishes with the identifier 0"; // [MQTT-2.2.1-3]
	if (owed.includes(messageId)) return `uses the identifier ${messageId} twice`; // [MQTT-2.2.1-3]
	return owed.length < (limits.receiveMaximum ?? 65_535) ? undefined : "publishes too much at once"; // [MQTT-3.3.4-9]
}
