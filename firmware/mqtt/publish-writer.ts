import type { Text } from "../ports/text.js";
import type { PublishExtras, UserProperty } from "./types.js";
import { varintSize, writeVarint } from "./varint.js";

/**
 * Writes one PUBLISH (MQTT 5 §3.3, MQTT 3.1.1 §3.3) into `into` from its start, byte for byte as mqtt-packet would, but
 * without making anything on the way.
 * @param flags DUP, QoS and RETAIN, as in the first byte.
 * @param id packet identifier, 0 for QoS 0.
 * @param topic may be empty where the server knows `alias`.
 * @param alias Topic Alias, 0 for none; with MQTT 5 only.
 * @returns the number of bytes, or -1 when they do not fit.
 */
export function writePublish(
	into: Uint8Array,
	text: Text,
	version: 4 | 5,
	flags: number,
	id: number,
	topic: string,
	payload: string | Uint8Array,
	extras: PublishExtras | undefined,
	alias = 0,
): number {
	// The length stands before what it counts. Characters are at most as many as bytes, so this is seldom too small.
	const bodyAt = 1 + varintSize(2 + topic.length + payload.length);
	let at = writeText(into, text, bodyAt, topic);
	if (at > 0 && id > 0) at = writeWord(into, at, id);
	if (at > 0 && version === 5) at = writeProperties(into, text, at, extras, alias);
	if (at > 0) at = writePayload(into, text, at, payload);
	if (at > 0) at = writeLength(into, 1, bodyAt, at);
	if (at > 0) into[0] = 0x30 | flags;
	return at;
}

function writePayload(into: Uint8Array, text: Text, at: number, payload: string | Uint8Array): number {
	if (typeof payload === "string") {
		const written = text.write(payload, into, at);
		return written < 0 ? -1 : at + written;
	}
	if (at + payload.length > into.length) return -1;
	into.set(payload, at);
	return at + payload.length;
}

function writeProperties(
	into: Uint8Array,
	text: Text,
	at: number,
	extras: PublishExtras | undefined,
	alias: number,
): number {
	if (at >= into.length) return -1;
	into[at] = 0;
	if (extras === undefined && alias === 0) return at + 1;
	let end = alias === 0 ? at + 1 : writeWordProperty(into, at + 1, 35, alias);
	if (end > 0 && extras !== undefined) end = writeExtras(into, text, end, extras);
	return end > 0 ? writeLength(into, at, at + 1, end) : -1;
}

function writeExtras(into: Uint8Array, text: Text, at: number, extras: PublishExtras): number {
	const { contentType, correlationData, messageExpiryS, responseTopic, userProperties } = extras;
	let end = at;
	if (contentType !== undefined) end = writeTextProperty(into, text, end, 3, contentType);
	if (end > 0 && correlationData !== undefined) end = writeBinaryProperty(into, end, 9, correlationData);
	if (end > 0 && messageExpiryS !== undefined) end = writeLongProperty(into, end, 2, messageExpiryS);
	if (end > 0 && responseTopic !== undefined) end = writeTextProperty(into, text, end, 8, responseTopic);
	if (userProperties === undefined) return end;
	for (let index = 0; end > 0 && index < userProperties.length; index++) {
		const { name, value } = userProperties[index] as UserProperty;
		end = writeTextProperty(into, text, end, 38, name);
		if (end > 0) end = writeText(into, text, end, value);
	}
	return end;
}

function writeTextProperty(into: Uint8Array, text: Text, at: number, id: number, value: string): number {
	if (at >= into.length) return -1;
	into[at] = id;
	return writeText(into, text, at + 1, value);
}

function writeBinaryProperty(into: Uint8Array, at: number, id: number, value: Uint8Array): number {
	const end = at + 3 + value.length;
	if (end > into.length || value.length > 0xffff) return -1;
	into[at] = id;
	writeWord(into, at + 1, value.length);
	into.set(value, at + 3);
	return end;
}

function writeWordProperty(into: Uint8Array, at: number, id: number, value: number): number {
	if (at + 3 > into.length) return -1;
	into[at] = id;
	return writeWord(into, at + 1, value);
}

function writeLongProperty(into: Uint8Array, at: number, id: number, value: number): number {
	if (at + 5 > into.length) return -1;
	into[at] = id;
	writeWord(into, at + 1, value >>> 16);
	return writeWord(into, at + 3, value & 0xffff);
}

/** A UTF-8 Encoded String (MQTT 5 §1.5.4): two bytes of length before it. */
function writeText(into: Uint8Array, text: Text, at: number, value: string): number {
	if (at + 2 > into.length) return -1;
	const written = text.write(value, into, at + 2);
	if (written < 0 || written > 0xffff) return -1;
	writeWord(into, at, written);
	return at + 2 + written;
}

function writeWord(into: Uint8Array, at: number, value: number): number {
	if (at + 2 > into.length) return -1;
	into[at] = value >> 8;
	into[at + 1] = value & 0xff;
	return at + 2;
}

/** Puts the length of `into[bodyAt..end)` at `at`, moving the body behind it. Returns where the body then ends. */
function writeLength(into: Uint8Array, at: number, bodyAt: number, end: number): number {
	const length = end - bodyAt;
	const to = at + varintSize(length);
	if (to + length > into.length) return -1;
	if (to !== bodyAt) into.copyWithin(to, bodyAt, end);
	writeVarint(into, at, length);
	return to + length;
}
