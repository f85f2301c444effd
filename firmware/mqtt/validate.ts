import { type Fault, malformed, protocolError } from "./fault.js";
import { AUTH, CONNACK, DISCONNECT, PUBACK, PUBCOMP, PUBLISH, PUBREC, PUBREL, packetName } from "./packet.js";

/**
 * What is wrong with the first byte of a packet from the server, or undefined: packets that only a client sends, the
 * reserved type, reserved flags [MQTT-2.1.3-1], QoS 3 [MQTT-3.3.1-4], DUP with QoS 0 [MQTT-3.3.1-2].
 */
export function firstByteFault(byte: number, version: 4 | 5): Fault | undefined {
	const type = byte >> 4;
	const flags = byte & 0x0f;
	if (type === 0 || (type === AUTH && version === 4)) return malformed("a packet has the reserved type");
	if (type === PUBLISH) return publishFlagsFault(flags);
	if (isClientPacket(type)) return protocolError(`it sent a ${packetName(type)}, which only a client may send`);
	if (type === DISCONNECT && version === 4)
		return protocolError("it sent a DISCONNECT, which MQTT 3.1.1 does not know");
	if (type === AUTH && flags === 0) return protocolError("it sent an AUTH that was not asked for");
	if (flags !== (type === PUBREL ? 2 : 0)) return malformed(`the flags of a ${packetName(type)} are wrong`);
	return undefined;
}

function publishFlagsFault(flags: number): Fault | undefined {
	const qos = (flags >> 1) & 3;
	if (qos === 3) return malformed("a PUBLISH has QoS 3");
	if (qos === 0 && flags & 8) return malformed("a PUBLISH of QoS 0 is marked as a duplicate");
	return undefined;
}

function isClientPacket(type: number): boolean {
	return type === 1 || type === 8 || type === 10 || type === 12;
}

/** Whether the packet of this type from a server may carry this reason code (MQTT 5 §2.4 and each packet's table). */
export function isReasonCode(type: number, code: number): boolean {
	switch (type) {
		case CONNACK:
			return isConnackCode(code);
		case PUBACK:
		case PUBREC:
			// 0x95 is in no table, but Mosquitto 2.0 says it of what is larger than its message_size_limit.
			return code === 0 || code === 0x10 || isOneOf(code, 0x80, 0x83, 0x87, 0x90, 0x91, 0x95, 0x97, 0x99);
		case PUBREL:
		case PUBCOMP:
			return code === 0 || code === 0x92;
		case DISCONNECT:
			return isDisconnectCode(code);
		default:
			return false;
	}
}

function isConnackCode(code: number): boolean {
	if (code === 0 || code === 0x8a || code === 0x8c) return true;
	if (code >= 0x80 && code <= 0x89) return true;
	return isOneOf(code, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9f);
}

function isDisconnectCode(code: number): boolean {
	if (code === 0 || (code >= 0x80 && code <= 0x83) || code === 0x87 || code === 0x89) return true;
	if (code === 0x8b || (code >= 0x8d && code <= 0x90)) return true;
	return code >= 0x93 && code <= 0xa2;
}

/** Whether a SUBACK may carry this code for one filter (MQTT 5 §3.9.3, MQTT 3.1.1 §3.9.3). */
export function isSubackCode(code: number, version: 4 | 5): boolean {
	if (code <= 2 || code === 0x80) return true;
	return version === 5 && isOneOf(code, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2);
}

/** Whether an UNSUBACK may carry this code for one filter (MQTT 5 §3.11.3). */
export function isUnsubackCode(code: number): boolean {
	return code === 0 || code === 0x11 || isOneOf(code, 0x80, 0x83, 0x87, 0x8f, 0x91);
}

function isOneOf(code: number, ...codes: number[]): boolean {
	return codes.includes(code);
}
