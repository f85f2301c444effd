import { type Fault, malformed, protocolError, TOPIC_ALIAS_INVALID } from "./fault.js";
import { packetName } from "./packet.js";
import {
	BINARY,
	CORRELATION_DATA,
	FLAG,
	LONG,
	LONG_NOT_0,
	PAIR,
	place,
	propertyRule,
	RESPONSE_TOPIC,
	SUBSCRIPTION_ID,
	TOPIC_ALIAS,
	USER_PROPERTY,
	VARINT_NOT_0,
	WORD,
	WORD_NOT_0,
} from "./property-rules.js";
import type { Shape } from "./shape.js";
import { isMqttUtf8 } from "./utf8.js";
import { readVarint, varintSize } from "./varint.js";

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
