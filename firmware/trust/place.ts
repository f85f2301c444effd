import type { PlaceBroker, PlaceSettings } from "../model/credentials.js";
import type { JsonValue } from "../model/document.js";
import type { Text } from "../ports/text.js";
import { fromBase64Url } from "../security/base64url.js";
import { Refused } from "../security/refused.js";

/**
 * Where a device works, in one flat list, as it is stored: the Wi-Fi's name and password, then the broker's host, port,
 * user, password and path, then roots in Base64url. What is not given is null; without a name there is no Wi-Fi in it, and
 * without a host no broker.
 */
export type Place = readonly (string | null)[];

const SSID = 0;
const HOST = 2;
const ROOTS = 7;

const WIFI_NAMES: readonly string[] = Object.freeze(["ssid", "password"]);
const BROKER_NAMES: readonly string[] = Object.freeze(["host", "port", "user", "password", "path"]);
const GROUPS: readonly string[] = Object.freeze(["wifi", "broker", "roots"]);
const DER_SEQUENCE = 0x30;
const ROOTS_MAX = 3;
const TEXT_LENGTH_MAX = 253; // a host name (RFC 1035 §2.3.4); passwords are not longer

/** Reads what a command asks for. Throws `Refused`, and repeats nothing of it: it is secret. */
export function readPlace(asked: JsonValue, text: Text): Place {
	if (!(asked instanceof Map)) throw new Refused("settings must be an object");
	for (const name of asked.keys())
		if (!GROUPS.includes(name)) throw new Refused("settings may have wifi, broker and roots, and nothing else");
	if (asked.size === 0) throw new Refused("settings must have wifi, broker or roots");
	const wifi = group(asked.get("wifi"), "wifi", WIFI_NAMES);
	const broker = group(asked.get("broker"), "broker", BROKER_NAMES);
	checkWifi(wifi, text);
	checkBroker(broker);
	return [...wifi, ...broker, ...readRoots(asked.get("roots"), text)];
}

/** The values of these names in an object, null where there is none. */
function group(value: JsonValue | undefined, what: string, names: readonly string[]): (string | null)[] {
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

function checkWifi([ssid = null, password = null]: readonly (string | null)[], text: Text): void {
	if (ssid !== null && text.encode(ssid).length > 32) throw new Refused("wifi.ssid is longer than 32 bytes"); // IEEE 802.11 §9.4.2.2
	if (password !== null && (password.length < 8 || password.length > 63))
		throw new Refused("wifi.password does not have 8 to 63 characters");
}

function checkBroker([host = null, port = null, , , path = null]: readonly (string | null)[]): void {
	if (host === null) return;
	const number = Number(port);
	if (!Number.isInteger(number) || number < 1 || number > 65_535)
		throw new Refused("broker.port is not from 1 to 65535");
	if (path !== null && !path.startsWith("/")) throw new Refused("broker.path does not begin with /");
}

function readRoots(value: JsonValue | undefined, text: Text): string[] {
	if (value === undefined) return [];
	if (!Array.isArray(value) || value.length === 0 || value.length > ROOTS_MAX)
		throw new Refused(`roots must be a list of 1 to ${ROOTS_MAX} certificates`);
	return value.map((one) => {
		const bytes = typeof one === "string" ? bytesOf(one, text) : undefined;
		if (bytes?.[0] !== DER_SEQUENCE || typeof one !== "string")
			throw new Refused("a root is no certificate in Base64url");
		return one;
	});
}

function bytesOf(encoded: string, text: Text): Uint8Array | undefined {
	const letters = text.encode(encoded);
	return fromBase64Url(letters, 0, letters.length);
}

/** `before`, with what `next` has in its place. */
export function overlay(before: Place | undefined, next: Place): Place {
	if (before === undefined) return next;
	const wifi = next[SSID] === null ? before.slice(SSID, HOST) : next.slice(SSID, HOST);
	const broker = next[HOST] === null ? before.slice(HOST, ROOTS) : next.slice(HOST, ROOTS);
	const roots = next.length === ROOTS ? before.slice(ROOTS) : next.slice(ROOTS);
	return [...wifi, ...broker, ...roots];
}

/** The Wi-Fi of a place, or undefined when it has none. */
export function wifiOf([ssid, password]: Place):
	| { readonly ssid: string; readonly password: string | undefined }
	| undefined {
	return ssid == null ? undefined : { ssid, password: password ?? undefined };
}

/**
 * Settings with the place's own in them. Another broker, or other roots, leave out the brokers that the device was built
 * with beside its first: what connects to those proves nothing about the new. TLS is never lost on the way.
 */
export function settingsAt<S extends PlaceSettings>(place: Place, built: S, text: Text): S {
	if (place[HOST] === null && place.length === ROOTS) return built;
	const broker = brokerAt(place, built.broker);
	const roots = place.slice(ROOTS).map((one) => bytesOf(one ?? "", text) ?? new Uint8Array(0));
	const tls = roots.length === 0 ? broker.tls : { ...broker.tls, roots };
	return { ...built, broker: { ...broker, tls }, otherBrokers: undefined };
}

function brokerAt(place: Place, built: PlaceBroker): PlaceBroker {
	const [host = null, port, username, password, path] = place.slice(HOST, ROOTS);
	if (host === null) return built;
	return {
		host,
		port: Number(port),
		username: username ?? undefined,
		password: password ?? undefined,
		webSocketPath: path ?? undefined,
		tls: built.tls,
	};
}
