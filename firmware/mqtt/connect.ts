import type { PacketOut } from "./packet.js";
import { RECEIVE_MAXIMUM } from "./sender.js";
import type { SessionOptions } from "./types.js";

/** The CONNECT (MQTT 5 §3.1, MQTT 3.1.1 §3.1) that begins a session afresh. */
export function connectPacket(options: SessionOptions, version: 4 | 5): PacketOut {
	const packet: PacketOut = {
		cmd: "connect",
		protocolVersion: version,
		clean: true,
		keepalive: options.keepAliveS,
		clientId: options.clientId,
	};
	if (options.will !== undefined) packet.will = options.will;
	if (options.username !== undefined) packet.username = options.username;
	if (options.password !== undefined) packet.password = options.password;
	if (version === 5)
		packet.properties = { receiveMaximum: RECEIVE_MAXIMUM, maximumPacketSize: options.receiveBytesMax };
	return packet;
}

/** One SUBSCRIBE (§3.8) for all filters. */
export function subscribePacket(filters: readonly string[], qos: 0 | 1, messageId: number): PacketOut {
	return { cmd: "subscribe", messageId, subscriptions: filters.map((topic) => ({ topic, qos })) };
}
