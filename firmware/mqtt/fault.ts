/** What the peer did wrong: the MQTT 5 reason code that says so, and one plain sentence. */
export interface Fault {
	readonly code: number;
	readonly reason: string;
}

// Reason codes of a DISCONNECT that we send (MQTT 5 table 3-13).
export const NORMAL_DISCONNECTION = 0x00;
export const DISCONNECT_WITH_WILL = 0x04;
export const MALFORMED_PACKET = 0x81;
export const PROTOCOL_ERROR = 0x82;
export const RECEIVE_MAXIMUM_EXCEEDED = 0x93;
export const TOPIC_ALIAS_INVALID = 0x94;
export const PACKET_TOO_LARGE = 0x95;
// And of a PUBACK or PUBREC (tables 3-4 and 3-5).
export const PAYLOAD_FORMAT_INVALID = 0x99;

/** Bytes that cannot be read as the specification says (MQTT 5 §1.2, Malformed Packet). */
export function malformed(reason: string): Fault {
	return { code: MALFORMED_PACKET, reason };
}

/** Bytes that can be read but must not be sent, or not now (MQTT 5 §1.2, Protocol Error). */
export function protocolError(reason: string): Fault {
	return { code: PROTOCOL_ERROR, reason };
}

/** More at once than it was told that we take (MQTT 5 §3.3.4, Receive Maximum). */
export function tooMany(reason: string): Fault {
	return { code: RECEIVE_MAXIMUM_EXCEEDED, reason };
}
