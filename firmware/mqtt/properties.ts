import { type Fault, malformed, protocolError, TOPIC_ALIAS_INVALID } from "./fault.js";
import { CONNACK, DISCONNECT, PUBLISH, packetName } from "./packet.js";
import type { Shape } from "./shape.js";
import { isMqttUtf8 } from "./utf8.js";
import { readVarint, varintSize } from "./varint.js";

// How a property's value is written (MQTT 5 table 2-4) and what it may be.
const FLAG = 1; // one byte, 0 or 1
const WORD = 2;
const WORD_NOT_0 = 3;
const LONG = 4;
const LONG_NOT_0 = 5;
const VARINT_NOT_0 = 6;
const BINARY = 7;
const TEXT = 8;
const PAIR = 9;

// The packets from a server in which it may stand.
const IN_CONNACK = 0x10;
const IN_PUBLISH = 0x20;
const IN_ACK = 0x40;
const IN_DISCONNECT = 0x80;

const PAYLOAD_FORMAT = 1;
const RESPONSE_TOPIC = 8;
const CORRELATION_DATA = 9;
const SUBSCRIPTION_ID = 11;
const TOPIC_ALIAS = 35;
const USER_PROPERTY = 38;

/**
 * What the properties of a server are, by identifier (MQTT 5 §2.2.2.2). Those that answer something which we never ask
 * for (authentication 21 and 22 [MQTT-4.12.0-6], response information 26 [MQTT-3.1.2-28]) are not in it.
 */
function propertyRule(id: number): number {
	return id < 17 ? messageRule(id) : serverRule(id);
}

function messageRule(id: number): number {
	switch (id) {
		case PAYLOAD_FORMAT:
			return FLAG | IN_PUBLISH;
		case 2: // message expiry interval
			return LONG | IN_PUBLISH;
		case 3: // content type
		case RESPONSE_TOPIC:
			return TEXT | IN_PUBLISH;
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
		case 31: // reason string
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

function place(type: number): number {
	if (type === CONNACK) return IN_CONNACK;
	if (type === PUBLISH) return IN_PUBLISH;
	return type === DISCONNECT ? IN_DISCONNECT : IN_ACK;
}

/**
 * Walks over the properties of a packet: each known, allowed in this packet, there once (user properties and
 * subscription identifiers may repeat), within its bounds and its range. Notes in `shape` where those of interest lie.
 * @returns where the properties end, or -1 with `shape.fault` set.
 */
export function walkProperties(shape: Shape, at: number): number {
	const bytes = shape.bytes;
	const length = readVarint(bytes, at, shape.end);
	if (length < 0) return shape.fail(malformed(`the property length of a ${packetName(shape.type)} is wrong`));
	let next = at + varintSize(length);
	const end = next + length;
	if (end > shape.end) return shape.fail(malformed(`the properties of a ${packetName(shape.type)} run past its end`));
	let seenLow = 0;
	let seenHigh = 0;
	while (next < end) {
		const id = bytes[next++] as number;
		const rule = propertyRule(id);
		if ((rule & place(shape.type)) === 0) return shape.fail(misplaced(id, rule, shape.type));
		const bit = 1 << (id & 31);
		if ((id < 32 ? seenLow : seenHigh) & bit && id !== USER_PROPERTY && id !== SUBSCRIPTION_ID)
			return shape.fail(protocolError(`property ${id} stands twice in a ${packetName(shape.type)}`));
		if (id < 32) seenLow |= bit;
		else seenHigh |= bit;
		const value = next;
		next = skipValue(rule & 0x0f, bytes, next, end);
		if (next < 0) return shape.fail(badValue(next, id, shape.type));
		if (!note(shape, id, value, next)) return -1;
	}
	return next;
}

function misplaced(id: number, rule: number, type: number): Fault {
	if (rule === 0 && ![21, 22, 23, 24, 25, 26].includes(id)) return malformed(`property ${id} is not known`);
	return protocolError(`property ${id} must not stand in a ${packetName(type)}`);
}

/** Keeps what a PUBLISH is answered with. A topic alias is at fault: we allow none [MQTT-3.3.2-9]. */
function note(shape: Shape, id: number, at: number, end: number): boolean {
	if (id === RESPONSE_TOPIC) {
		shape.responseAt = at + 2;
		shape.responseEnd = end;
	} else if (id === CORRELATION_DATA) {
		shape.correlationAt = at + 2;
		shape.correlationEnd = end;
	} else if (id === TOPIC_ALIAS) {
		shape.fail({ code: TOPIC_ALIAS_INVALID, reason: "it used a topic alias, and none were allowed" });
		return false;
	}
	return true;
}

const PAST_END = -1;
const OUT_OF_RANGE = -2;
const NOT_TEXT = -3;

function badValue(what: number, id: number, type: number): Fault {
	const where = `property ${id} of a ${packetName(type)}`;
	if (what === PAST_END) return malformed(`${where} runs past the end`);
	return what === NOT_TEXT
		? malformed(`${where} is not UTF-8`)
		: protocolError(`${where} has a value that it must not have`);
}

/** Where the value that begins at `at` ends, or what is wrong with it. */
function skipValue(kind: number, bytes: Uint8Array, at: number, end: number): number {
	switch (kind) {
		case FLAG:
			if (at + 1 > end) return PAST_END;
			return (bytes[at] as number) > 1 ? OUT_OF_RANGE : at + 1;
		case WORD:
		case WORD_NOT_0:
			return skipNumber(bytes, at, at + 2, end, kind === WORD_NOT_0);
		case LONG:
		case LONG_NOT_0:
			return skipNumber(bytes, at, at + 4, end, kind === LONG_NOT_0);
		case VARINT_NOT_0: {
			const value = readVarint(bytes, at, end);
			if (value < 0) return PAST_END;
			return value === 0 ? OUT_OF_RANGE : at + varintSize(value);
		}
		case BINARY:
			return skipSized(bytes, at, end);
		case PAIR:
			return skipPair(bytes, at, end);
		default:
			return skipText(bytes, at, end);
	}
}

function skipNumber(bytes: Uint8Array, at: number, last: number, end: number, notZero: boolean): number {
	if (last > end) return PAST_END;
	for (let index = at; notZero && bytes[index] === 0; index++) if (index === last - 1) return OUT_OF_RANGE;
	return last;
}

function skipSized(bytes: Uint8Array, at: number, end: number): number {
	if (at + 2 > end) return PAST_END;
	const last = at + 2 + (bytes[at] as number) * 0x100 + (bytes[at + 1] as number);
	return last > end ? PAST_END : last;
}

/** Where the UTF-8 Encoded String (MQTT 5 §1.5.4) that begins at `at` ends, or what is wrong with it. */
function skipText(bytes: Uint8Array, at: number, end: number): number {
	const last = skipSized(bytes, at, end);
	return last > 0 && !isMqttUtf8(bytes, at + 2, last) ? NOT_TEXT : last;
}

function skipPair(bytes: Uint8Array, at: number, end: number): number {
	const middle = skipText(bytes, at, end);
	return middle < 0 ? middle : skipText(bytes, middle, end);
}
