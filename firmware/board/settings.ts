import config from "mc/config";
import type { TlsPolicy } from "../ports/network.js";
import { policyOf, rootOf } from "./tls-settings.js";

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
	readonly broker: BrokerConfig;
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

/** The settings that this firmware was built with. Throws when the build put none in. */
export function builtConfig(): Config {
	if (!config.farpin) throw new Error("this firmware was built without settings: run npm run build");
	return config.farpin;
}

/** The part of the settings that belongs to the device rather than to its board. */
export function loadSettings(): DeviceSettings {
	const built = builtConfig();
	// Those for plain TCP are complete as the build wrote them, and stay in flash.
	const { id, root, timeServer, otherTimeServers, builtMs, keys, releaseKeys, releaseRoots = [] } = built;
	if (built.roots === 0 && releaseKeys === undefined) return built;
	const broker = withTls(built.broker);
	const otherBrokers = built.otherBrokers?.map(withTls);
	const settings = { id, root, timeServer, otherTimeServers, broker, otherBrokers, builtMs };
	const signing = keys === undefined ? settings : { ...settings, keys };
	return releaseKeys === undefined
		? signing
		: { ...signing, updates: { keys: releaseKeys, roots: releaseRoots.map(rootOf) } };
}

function withTls(broker: BrokerConfig): DeviceBroker {
	const { host, port, username, password, webSocketPath } = broker;
	return { host, port, username, password, webSocketPath, tls: policyOf(broker) };
}
