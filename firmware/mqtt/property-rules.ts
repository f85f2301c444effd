import { CONNACK, DISCONNECT, PUBLISH } from "./packet.js";

// How a property's value is written (MQTT 5 table 2-4) and what it may be.
export const FLAG = 1; // one byte, 0 or 1
export const WORD = 2;
export const WORD_NOT_0 = 3;
export const LONG = 4;
export const LONG_NOT_0 = 5;
export const VARINT_NOT_0 = 6;
export const BINARY = 7;
export const TEXT = 8;
export const PAIR = 9;
export const TOPIC = 10; // text that can be published to

// The packets from a server in which it may stand.
const IN_CONNACK = 0x10;
const IN_PUBLISH = 0x20;
const IN_ACK = 0x40;
const IN_DISCONNECT = 0x80;

export const PAYLOAD_FORMAT = 1;
export const MESSAGE_EXPIRY = 2;
export const CONTENT_TYPE = 3;
export const RESPONSE_TOPIC = 8;
export const CORRELATION_DATA = 9;
export const SUBSCRIPTION_ID = 11;
export const REASON_STRING = 31;
export const TOPIC_ALIAS = 35;
export const USER_PROPERTY = 38;

/**
 * What the properties of a server are, by identifier (MQTT 5 §2.2.2.2). Those that answer something which we never ask
 * for (authentication 21 and 22 [MQTT-4.12.0-6], response information 26 [MQTT-3.1.2-28]) are not in it.
 */
export function propertyRule(id: number): number {
	return id < 17 ? messageRule(id) : serverRule(id);
}

function messageRule(id: number): number {
	switch (id) {
		case PAYLOAD_FORMAT:
			return FLAG | IN_PUBLISH;
		case MESSAGE_EXPIRY:
			return LONG | IN_PUBLISH;
		case CONTENT_TYPE:
			return TEXT | IN_PUBLISH;
		case RESPONSE_TOPIC:
			return TOPIC | IN_PUBLISH;
		case CORRELATION_DATA:
			return BINARY | IN_PUBLISH;
		case SUBSCRIPTION_ID:
			return VARINT_NOT_0 | IN_PUBLISH;
		default:
			return 0;
	}
}

function serverRule(id: number): number {
	switch (id) {
		case 17: // session expiry interval
			return LONG | IN_CONNACK;
		case 18: // assigned client identifier
			return TEXT | IN_CONNACK;
		case 19: // server keep alive
		case 34: // topic alias maximum
			return WORD | IN_CONNACK;
		case 28: // server reference
			return TEXT | IN_CONNACK | IN_DISCONNECT;
		case REASON_STRING:
			return TEXT | IN_CONNACK | IN_ACK | IN_DISCONNECT;
		case 33: // receive maximum
			return WORD_NOT_0 | IN_CONNACK;
		case TOPIC_ALIAS:
			return WORD | IN_PUBLISH;
		case USER_PROPERTY:
			return PAIR | IN_CONNACK | IN_PUBLISH | IN_ACK | IN_DISCONNECT;
		case 39: // maximum packet size
			return LONG_NOT_0 | IN_CONNACK;
		case 36: // maximum QoS
		case 37: // retain available
		case 40: // wildcard subscription available
		case 41: // subscription identifiers available
		case 42: // shared subscription available
			return FLAG | IN_CONNACK;
		default:
			return 0;
	}
}

/** How a value is written, of a rule. */
export function valueKind(rule: number): number {
	return rule & 0x0f;
}

/** The bit of the packets of this type in a rule. */
export function place(type: number): number {
	if (type === CONNACK) return IN_CONNACK;
	if (type === PUBLISH) return IN_PUBLISH;
	return type === DISCONNECT ? IN_DISCONNECT : IN_ACK;
}
