import Resource from "Resource";
import config from "mc/config";

export interface WifiSettings {
	readonly ssid: string;
	readonly password?: string;
}

/** What the build makes of manifests/settings.json; module `mc/config` carries it under `farpin`. */
export interface Config {
	readonly id?: string;
	readonly root?: string;
	readonly timeServer?: string;
	readonly wifi?: WifiSettings;
	readonly broker: {
		readonly host: string;
		readonly port: number;
		readonly username?: string;
		readonly password?: string;
		readonly webSocketPath?: string;
	};
	/** How many resources `root-0.der`, `root-1.der` ... there are; none for plain TCP. */
	readonly roots: number;
	/** On a simulator, the folder that stands in for the flash. */
	readonly storage?: string;
}

/** What a device needs to know of the place it works in, and its description does not say. */
export interface DeviceSettings {
	readonly id?: string | undefined;
	readonly root?: string | undefined;
	readonly timeServer?: string | undefined;
	readonly broker: {
		readonly host: string;
		readonly port: number;
		readonly username?: string | undefined;
		readonly password?: string | undefined;
		/** Trusted root certificates, DER, left in flash. */
		readonly tls?: { readonly roots: readonly Uint8Array[] } | undefined;
		/** For MQTT over WebSocket: the path to ask for. */
		readonly webSocketPath?: string | undefined;
	};
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
	if (built.roots === 0) return built;
	const { id, root, timeServer, broker } = built;
	const roots = Array.from({ length: built.roots }, (_, n) => new Uint8Array(new Resource(`root-${n}.der`)));
	return { id, root, timeServer, broker: { ...broker, tls: { roots } } };
}
