import type { PlaceBroker, PlaceSettings } from "../model/credentials.js";
import type { TlsIdentity, TlsPolicy } from "../ports/network.js";
import type { Text } from "../ports/text.js";
import { fromBase64Url } from "../security/base64url.js";

/**
 * Where a device works, in one flat list, as it is stored: the Wi-Fi's name and password; the broker's host, port, user,
 * password, path and application protocol; then, each a list with `LIST` between, the device's certificates, pins and
 * roots in Base64url, and before the pins the device's key. What is not given is null: without a name there is no Wi-Fi in
 * it, without a host no broker.
 */
export type Place = readonly (string | null)[];

export const LIST = ".";
const SSID = 0;
const HOST = 2;
const CERTIFICATES = 8;
const KEY = 9;
const PINS = 10;
const ROOTS = 11;

/**
 * `before`, with what `next` has in its place: Wi-Fi, broker, certificates with their key, pins and roots, each whole. New
 * roots end the pins that were there: the server's next chain has other keys, and would lock the device out one day.
 */
export function overlay(before: Place | undefined, next: Place): Place {
	if (before === undefined) return next;
	const of = (decides: number, from: number, to: number) => (next[decides] === null ? before : next).slice(from, to);
	const pinsDecide = next[PINS] === null ? ROOTS : PINS;
	return [
		...of(SSID, SSID, HOST),
		...of(HOST, HOST, CERTIFICATES),
		...of(CERTIFICATES, CERTIFICATES, PINS),
		...of(pinsDecide, PINS, ROOTS),
		...of(ROOTS, ROOTS, ROOTS + 1),
	];
}

/** The Wi-Fi of a place, or undefined when it has none. */
export function wifiOf([ssid, password]: Place):
	| { readonly ssid: string; readonly password: string | undefined }
	| undefined {
	return ssid == null ? undefined : { ssid, password: password ?? undefined };
}

/**
 * Settings with the place's own in them. Another broker, or others to trust, leave out the brokers that the device was built
 * with beside its first: what connects to those proves nothing about the new. TLS is never lost on the way, and the device
 * shows the certificate that it showed before, unless another came.
 */
export function settingsAt<S extends PlaceSettings>(place: Place, built: S, text: Text): S {
	if (place.slice(HOST).every((one) => one === null)) return built;
	const broker = brokerAt(place, built.broker);
	return { ...built, broker: { ...broker, tls: tlsAt(place, broker.tls, text) }, otherBrokers: undefined };
}

function brokerAt(place: Place, built: PlaceBroker): PlaceBroker {
	const [host = null, port, username, password, path, protocol] = place.slice(HOST, CERTIFICATES);
	if (host === null) return built;
	return {
		host,
		port: Number(port),
		username: username ?? undefined,
		password: password ?? undefined,
		webSocketPath: path ?? undefined,
		tls: built.tls === undefined ? undefined : { ...built.tls, protocol: protocol ?? undefined },
	};
}

function tlsAt(place: Place, built: TlsPolicy | undefined, text: Text): TlsPolicy | undefined {
	const roots = bytesIn(place[ROOTS], text) ?? built?.roots;
	if (roots === undefined) return undefined;
	return {
		...built,
		roots,
		pins: bytesIn(place[PINS], text) ?? (place[ROOTS] === null ? built?.pins : undefined),
		identity: identityOf(place, text) ?? built?.identity,
	};
}

/** The certificate of its own, and the key, that a device came by from afar; undefined for none. */
export function identityOf(place: Place, text: Text): TlsIdentity | undefined {
	const certificates = bytesIn(place[CERTIFICATES], text);
	const [key] = bytesIn(place[KEY], text) ?? [];
	return certificates === undefined || key === undefined ? undefined : { certificates, key };
}

function bytesIn(list: string | null | undefined, text: Text): Uint8Array[] | undefined {
	return list == null ? undefined : list.split(LIST).map((one) => bytesOf(one, text) ?? new Uint8Array(0));
}

/** What a text in Base64url stands for; undefined for any other. */
export function bytesOf(encoded: string, text: Text): Uint8Array | undefined {
	const letters = text.encode(encoded);
	return fromBase64Url(letters, 0, letters.length);
}
