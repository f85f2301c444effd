import type { Packet, Properties } from "../../firmware/mqtt/packet.js";
import type { VirtualBroker } from "./broker.js";

/** MQTT 3.1.1 return codes for the reason codes of MQTT 5 from 0x84 on. */
export const RETURN_CODES: Record<number, number> = { 132: 1, 133: 2, 134: 4, 135: 5, 136: 3 };

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

/** The reason code with which the CONNECT of somebody unknown is refused, or 0. */
export function connectRefusal({ username, password }: Packet, { options, text }: VirtualBroker): number {
	const given = password && text.decode(password, 0, password.length);
	const known = options.user === undefined || (username === options.user.name && given === options.user.password);
	return known ? 0 : 0x86;
}
