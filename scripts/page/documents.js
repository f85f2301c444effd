// @ts-check
import { decode } from "@msgpack/msgpack";

const BEYOND_JSON = 0x80; // an object of MessagePack begins with a byte from here on, JSON with one below

/**
 * The object in a payload that a device sent, whichever encoding it speaks; undefined when there is none.
 * @param {Uint8Array} payload
 * @returns {Record<string, unknown> | undefined}
 */
export function readDocument(payload) {
	try {
		const isMessagePack = (payload[0] ?? 0) >= BEYOND_JSON;
		const value = isMessagePack ? decode(payload) : JSON.parse(readText(payload));
		return typeof value === "object" && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}

/** A bare value. @param {Uint8Array} payload */
export function readText(payload) {
	return new TextDecoder().decode(payload);
}

/**
 * The text of a message in an envelope, signed or sealed (a JWS or JWE in compact form); undefined for any other.
 * @param {Uint8Array} payload
 */
export function readEnvelope(payload) {
	if (payload[0] !== 0x65 || payload[1] !== 0x79 || payload[2] !== 0x4a) return undefined; // "eyJ": Base64url of `{"`
	const text = readText(payload);
	return [3, 5].includes(text.split(".").length) ? text : undefined;
}
