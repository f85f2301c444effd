import type { JsonValue } from "../model/document.js";
import type { Text } from "../ports/text.js";
import { sameBytes } from "../security/der.js";
import { Refused } from "../security/refused.js";
import { bytesOf, LIST, type Place } from "./place.js";

const WIFI_NAMES: readonly string[] = Object.freeze(["ssid", "password"]);
const BROKER_NAMES: readonly string[] = Object.freeze(["host", "port", "user", "password", "path", "alpn"]);
const GROUPS: readonly string[] = Object.freeze(["wifi", "broker", "certificate", "key", "pins", "roots"]);
const DER_SEQUENCE = 0x30;
const CERTIFICATES_MAX = 3;
const PINS_MIN = 2; // with one alone, a lost key of the server locks the device out
const PINS_MAX = 4;
const PIN_BYTES = 32; // SHA-256
const TEXT_LENGTH_MAX = 253; // a host name (RFC 1035 §2.3.4); passwords are not longer

type Group = readonly (string | null)[];

/**
 * Reads what a command asks for. Throws `Refused`, and repeats nothing of it: it is secret.
 *
 * Certificates, pins and roots stand beside the broker rather than in it, so that each is replaced alone, and lists are no
 * deeper in the document than is read.
 */
export function readPlace(asked: JsonValue, text: Text): Place {
	if (!(asked instanceof Map)) throw new Refused("settings must be an object");
	for (const name of asked.keys())
		if (!GROUPS.includes(name)) throw new Refused(`settings may have ${GROUPS.join(", ")}, and nothing else`);
	if (asked.size === 0) throw new Refused(`settings must have ${GROUPS.join(", ")}, or some of them`);
	const wifi = group(asked.get("wifi"), "wifi", WIFI_NAMES);
	const broker = group(asked.get("broker"), "broker", BROKER_NAMES);
	checkWifi(wifi, text);
	checkBroker(broker);
	const identity = readIdentity(asked.get("certificate"), asked.get("key"), text);
	return [...wifi, ...broker, ...identity, readPins(asked.get("pins"), text), readRoots(asked.get("roots"), text)];
}

/** The values of these names in an object, null where there is none. */
function group(value: JsonValue | undefined, what: string, names: readonly string[]): Group {
	if (value === undefined) return names.map(() => null);
	if (!(value instanceof Map)) throw new Refused(`${what} must be an object`);
	let known = 0;
	const values = names.map((name) => {
		const one = value.get(name);
		if (one === undefined) return null;
		known++;
		if (name === "port" && typeof one === "number") return String(one);
		if (typeof one !== "string" || one.length > TEXT_LENGTH_MAX)
			throw new Refused(`${what}.${name} is no text, or too long`);
		return one;
	});
	if (known !== value.size) throw new Refused(`${what} may have ${names.join(", ")}, and nothing else`);
	if (values[0] === null || values[0] === "") throw new Refused(`${what}.${names[0]} is missing`);
	return values;
}

function checkWifi([ssid = null, password = null]: Group, text: Text): void {
	if (ssid !== null && text.encode(ssid).length > 32) throw new Refused("wifi.ssid is longer than 32 bytes"); // IEEE 802.11 §9.4.2.2
	if (password !== null && (password.length < 8 || password.length > 63))
		throw new Refused("wifi.password does not have 8 to 63 characters");
}

function checkBroker([host = null, port = null, , , path = null, protocol = null]: Group): void {
	if (host === null) return;
	const number = Number(port);
	if (!Number.isInteger(number) || number < 1 || number > 65_535)
		throw new Refused("broker.port is not from 1 to 65535");
	if (path !== null && !path.startsWith("/")) throw new Refused("broker.path does not begin with /");
	if (protocol === "") throw new Refused("broker.alpn is empty");
}

function readIdentity(
	certificate: JsonValue | undefined,
	key: JsonValue | undefined,
	text: Text,
): [string | null, string | null] {
	if (certificate === undefined && key === undefined) return [null, null];
	if (certificate === undefined || typeof key !== "string")
		throw new Refused("certificate and key go together: the key is a text in Base64url");
	const list = listOf(certificate, "certificate", CERTIFICATES_MAX);
	for (const one of list) checkDer(one, "a certificate of the device is none", text);
	checkDer(key, "the device's key is none", text);
	return [list.join(LIST), key];
}

function readRoots(value: JsonValue | undefined, text: Text): string | null {
	if (value === undefined) return null;
	const list = listOf(value, "roots", CERTIFICATES_MAX);
	for (const one of list) checkDer(one, "a root is no certificate", text);
	return list.join(LIST);
}

function readPins(value: JsonValue | undefined, text: Text): string | null {
	if (value === undefined) return null;
	const list = listOf(value, "pins", PINS_MAX);
	const pins = list.map((one) => bytesOf(one, text) ?? new Uint8Array(0));
	if (pins.some(({ length }) => length !== PIN_BYTES))
		throw new Refused("a pin is not the SHA-256 of a public key in Base64url");
	const others = pins.filter((pin, n) => pins.findIndex((one) => sameBytes(one, pin)) === n);
	if (others.length < PINS_MIN)
		throw new Refused("there is only one pin: with no second one, of a key kept in reserve, a lost key locks it out");
	return list.join(LIST);
}

function listOf(value: JsonValue, what: string, most: number): string[] {
	const list = Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
	if (!Array.isArray(value) || list.length !== value.length || list.length === 0 || list.length > most)
		throw new Refused(`${what} must be a list of 1 to ${most} texts in Base64url`);
	return list;
}

function checkDer(encoded: string, complaint: string, text: Text): void {
	const der = bytesOf(encoded, text);
	if (der?.[0] !== DER_SEQUENCE) throw new Refused(`${complaint} in Base64url`);
}
