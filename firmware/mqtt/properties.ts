import { type Fault, malformed, protocolError, TOPIC_ALIAS_INVALID } from "./fault.js";
import { word } from "./lent-properties.js";
import { CONNACK, packetName } from "./packet.js";
import { place, propertyRule, SUBSCRIPTION_ID, TOPIC_ALIAS, USER_PROPERTY, valueKind } from "./property-rules.js";
import { NOT_TEXT, PAST_END, skipValue } from "./property-values.js";
import type { Shape } from "./shape.js";
import { readVarint, varintSize } from "./varint.js";

/**
 * Walks over the properties of a packet: each known, allowed in this packet, there once (user properties and
 * subscription identifiers may repeat), within its bounds and its range. Then `shape.properties` knows them.
 * @returns where the properties end, or -1 with `shape.fault` set.
 */
export function walkProperties(shape: Shape, at: number): number {
	const bytes = shape.bytes;
	const length = readVarint(bytes, at, shape.end);
	if (length < 0) return shape.fail(malformed(`the property length of a ${packetName(shape.type)} is wrong`));
	const start = at + varintSize(length);
	const end = start + length;
	if (end > shape.end) return shape.fail(malformed(`the properties of a ${packetName(shape.type)} run past its end`));
	let next = start;
	let seenLow = 0;
	let seenHigh = 0;
	while (next < end) {
		const id = bytes[next++] as number;
		const rule = propertyRule(id);
		if ((rule & place(shape.type)) === 0) return shape.fail(misplaced(id, shape.type));
		const bit = 1 << (id & 31);
		if ((id < 32 ? seenLow : seenHigh) & bit && id !== USER_PROPERTY && id !== SUBSCRIPTION_ID)
			return shape.fail(protocolError(`property ${id} stands twice in a ${packetName(shape.type)}`));
		if (id < 32) seenLow |= bit;
		else seenHigh |= bit;
		const value = next;
		next = skipValue(valueKind(rule), bytes, next, end);
		if (next < 0) return shape.fail(badValue(next, id, shape.type));
		if (id === TOPIC_ALIAS && !isAllowedAlias(shape, word(bytes, value)))
			return shape.fail(badAlias(shape, word(bytes, value)));
	}
	shape.lend(start, end);
	return next;
}

/**
 * What is unknown or stands in the wrong packet cannot be read (§2.2.2.2). What a CONNACK may say only to those who
 * asked (authentication 21 and 22 [MQTT-4.12.0-6], response information 26 [MQTT-3.1.2-28]) could be, but we did not.
 */
function misplaced(id: number, type: number): Fault {
	if (type === CONNACK && (id === 21 || id === 22 || id === 26))
		return protocolError(`a CONNACK has property ${id}, which was not asked for`);
	return malformed(`a ${packetName(type)} has property ${id}, which it cannot have`);
}

/** §3.3.4: from 1 to what our CONNECT allowed. */
function isAllowedAlias({ topicAliasMax }: Shape, alias: number): boolean {
	return alias > 0 && alias <= topicAliasMax;
}

function badAlias({ topicAliasMax }: Shape, alias: number): Fault {
	const allowed = topicAliasMax === 0 ? "none were allowed" : `1 to ${topicAliasMax} were allowed`;
	return { code: TOPIC_ALIAS_INVALID, reason: `it used topic alias ${alias}, and ${allowed}` };
}

function badValue(what: number, id: number, type: number): Fault {
	const where = `property ${id} of a ${packetName(type)}`;
	if (what === PAST_END) return malformed(`${where} runs past the end`);
	return what === NOT_TEXT
		? malformed(`${where} is not UTF-8`)
		: protocolError(`${where} has a value that it must not have`);
}
