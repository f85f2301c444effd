import type { TlsPolicy } from "../ports/network.js";

/**
 * What settings on a board are made of: items, one behind the other, each a byte that says what it is, the length of its
 * value in two bytes (the high one first), and the value. Texts are UTF-8. What belongs to a network or a broker follows
 * the item that begins it, what belongs to TLS follows the broker's `roots`, and authorities come before all brokers.
 */
export const SETTINGS_ITEM = Object.freeze({
	/** At random: what makes two images of the same settings two. Read by nobody. */
	mark: 1,
	id: 2,
	root: 3,
	/** Each of them an item, in order of preference; so are keys, networks and brokers. */
	timeServer: 4,
	/** A line, as `Settings` has it. */
	key: 5,
	/** Begins a network. */
	ssid: 6,
	wifiPassword: 7,
	/** The certificate of an authority, DER; referred to by its number, from 0 on. */
	authority: 8,
	/** A byte for each authority that may vouch for a server with new firmware: its number. */
	releaseRoots: 9,
	/** Begins a broker. */
	host: 10,
	/** Two bytes. */
	port: 11,
	user: 12,
	password: 13,
	webSocketPath: 14,
	/** A byte for each authority that may vouch for the broker. Without it the broker is on plain TCP. */
	roots: 15,
	/** SHA-256 of a public key, 32 bytes. */
	pin: 16,
	/** Application protocol to ask for. */
	protocol: 17,
	/** The device's own certificate, and then those above it, DER. */
	certificate: 18,
	/** The device's private key: PKCS #8, DER. */
	privateKey: 19,
});

/** Bytes in front of an item's value. */
export const ITEM_HEAD_BYTES = 3;
/** More than any settings have; each takes memory on the chip. */
export const ITEMS_MAX = 128;

export interface StoredWifi {
	readonly ssid: string;
	readonly password?: string;
}

export interface StoredBroker {
	readonly host: string;
	readonly port: number;
	readonly username?: string;
	readonly password?: string;
	readonly webSocketPath?: string;
	readonly tls?: TlsPolicy;
}

/** What a board is given to work with, beside what the firmware was built with. */
export interface SettingsItems {
	readonly id?: string;
	readonly root?: string;
	readonly timeServer?: string;
	readonly otherTimeServers?: readonly string[];
	/** In order of preference. */
	readonly wifi?: readonly StoredWifi[];
	readonly broker: StoredBroker;
	readonly otherBrokers?: readonly StoredBroker[];
	readonly keys?: readonly string[];
	/** Whom to believe about a server with new firmware, DER. */
	readonly releaseRoots?: readonly Uint8Array[];
}
