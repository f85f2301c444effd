import config from "mc/config";
import type { TlsPolicy } from "../ports/network.js";
import type { Segments } from "../ports/segments.js";
import { readStoredSettings, type StoredSettings } from "../security/stored-settings.js";
import { sdkCrypto } from "./crypto.js";
import { nativeText } from "./text.js";
import { policyOf, rootOf } from "./tls-settings.js";
import { messageOf } from "./words.js";

export interface WifiSettings {
	readonly ssid: string;
	readonly password?: string;
}

/** One broker, as the build writes it. */
export interface BrokerConfig {
	readonly host: string;
	readonly port: number;
	readonly username?: string;
	readonly password?: string;
	readonly webSocketPath?: string;
	/** Numbers of the resources `root-0.der`, `root-1.der` ... to trust; absent for plain TCP. */
	readonly roots?: readonly number[];
	/** SHA-256 digests of public keys, hexadecimal. */
	readonly pins?: readonly string[];
	/** Application protocol to ask for. */
	readonly protocol?: string;
	/** The device's own certificates are the resources `client-<number>-0.der` and so on, its key `client-<number>-key.der`. */
	readonly identity?: { readonly number: number; readonly certificates: number };
}

/** A point of P-256 in hexadecimal, and what signatures call it. */
export interface ReleaseKey {
	readonly id: string;
	readonly point: string;
}

/** What the build makes of manifests/settings.json; module `mc/config` carries it under `farpin`. */
export interface Config {
	readonly id?: string;
	readonly root?: string;
	readonly timeServer?: string;
	readonly otherTimeServers?: readonly string[];
	/** In order of preference. */
	readonly wifi?: readonly WifiSettings[];
	/** Absent from a firmware that was built without settings. */
	readonly broker?: BrokerConfig;
	readonly otherBrokers?: readonly BrokerConfig[];
	/** Those that signed commands may be signed with, each a line: name, algorithm, bytes in Base64url, with `:` between. */
	readonly keys?: readonly string[];
	/** How many resources `root-0.der`, `root-1.der` ... there are; none where every broker is on plain TCP. */
	readonly roots: number;
	/** The day on which the firmware was built, milliseconds since 1970. */
	readonly builtMs?: number;
	/** The chip it was built for: `esp32`, `esp32c3`, `esp32s3`. */
	readonly target?: string;
	/** Public keys that new firmware may be signed with; absent where it is not renewed from afar. */
	readonly releaseKeys?: readonly ReleaseKey[];
	/** Numbers of the resources to trust a server with new firmware by. */
	readonly releaseRoots?: readonly number[];
	/** On a simulator, the folder that stands in for the flash. */
	readonly storage?: string;
}

/** One broker, as the device knows it. */
export interface DeviceBroker {
	readonly host: string;
	readonly port: number;
	readonly username?: string | undefined;
	readonly password?: string | undefined;
	/** With certificates and keys left in flash. */
	readonly tls?: TlsPolicy | undefined;
	/** For MQTT over WebSocket: the path to ask for. */
	readonly webSocketPath?: string | undefined;
}

/** What a device needs to know of the place it works in, and its description does not say. */
export interface DeviceSettings {
	/** A mark of settings that were put onto the board over USB: others, another mark. Absent for those of the build. */
	readonly origin?: string | undefined;
	readonly id?: string | undefined;
	readonly root?: string | undefined;
	readonly timeServer?: string | undefined;
	readonly otherTimeServers?: readonly string[] | undefined;
	readonly broker: DeviceBroker;
	/** Where to go when `broker` cannot be reached, in order of preference. */
	readonly otherBrokers?: readonly DeviceBroker[] | undefined;
	readonly keys?: readonly string[] | undefined;
	readonly builtMs?: number | undefined;
	/** Whom to believe about new firmware. */
	readonly updates?: { readonly keys: readonly ReleaseKey[]; readonly roots: readonly Uint8Array[] } | undefined;
}

/** Why a device without settings has no network, and what helps. */
export const NO_SETTINGS = "this board has no settings: put them onto it with npx farpin provision";

const NOWHERE: DeviceBroker = Object.freeze({ host: "", port: 0 });

/** What the build put into this firmware. Throws when it put in nothing. */
export function builtConfig(): Config {
	if (!config.farpin) throw new Error("this firmware was not built by npm run build");
	return config.farpin;
}

/**
 * The settings that were put onto this board, or undefined. Neither a board that was flashed with an older partition table,
 * and so has no place for them, nor settings that are not whole keep a device from its work.
 * @param open opens their place; may throw
 */
export function storedSettings(open: () => Segments): StoredSettings | undefined {
	let flash: Segments;
	try {
		flash = open();
	} catch {
		return undefined;
	}
	try {
		return readStoredSettings(flash, { crypto: sdkCrypto, text: nativeText });
	} catch (error) {
		trace("The settings on this board cannot be used: ", messageOf(error), ".\n");
		return undefined;
	}
}

/**
 * The part of the settings that belongs to the device rather than to its board: what was put onto the board, all of it, or
 * else what the firmware was built with. Without either it leads nowhere, and the board's network says why.
 */
export function loadSettings(stored?: StoredSettings): DeviceSettings {
	const built = builtConfig();
	const { id, root, timeServer, otherTimeServers, builtMs, keys, releaseKeys, releaseRoots = [] } = built;
	if (stored !== undefined) return settingsOfBoard(stored, built);
	if (built.broker === undefined) return { broker: NOWHERE, builtMs };
	// Those for plain TCP are complete as the build wrote them, and stay in flash.
	if (built.roots === 0 && releaseKeys === undefined) return built as DeviceSettings;
	const broker = withTls(built.broker);
	const otherBrokers = built.otherBrokers?.map(withTls);
	const settings = { id, root, timeServer, otherTimeServers, broker, otherBrokers, builtMs };
	const signing = keys === undefined ? settings : { ...settings, keys };
	return releaseKeys === undefined
		? signing
		: { ...signing, updates: { keys: releaseKeys, roots: releaseRoots.map(rootOf) } };
}

/** Who may sign new firmware belongs to the firmware, and so does the day on which it was built. */
function settingsOfBoard(stored: StoredSettings, { builtMs, releaseKeys }: Config): DeviceSettings {
	const { wifi: _, releaseRoots = [], ...given } = stored;
	const settings = { ...given, builtMs };
	return releaseKeys === undefined ? settings : { ...settings, updates: { keys: releaseKeys, roots: releaseRoots } };
}

function withTls(broker: BrokerConfig): DeviceBroker {
	const { host, port, username, password, webSocketPath } = broker;
	return { host, port, username, password, webSocketPath, tls: policyOf(broker) };
}
