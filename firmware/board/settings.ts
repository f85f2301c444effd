import Resource from "Resource";
import config from "mc/config";

export interface WifiSettings {
	readonly ssid: string;
	readonly password?: string;
}

export interface BrokerSettings {
	/** `mqtt://` or `mqtts://`, host, and port where it is not the usual one. */
	readonly url: string;
	readonly user?: string;
	readonly password?: string;
}

/** What the build makes of manifests/settings.json; module `mc/config` carries it under `farpin`. */
export interface Config {
	readonly wifi?: WifiSettings;
	readonly broker: BrokerSettings;
	/** How many resources `root-0.der`, `root-1.der` ... there are. */
	readonly roots: number;
	/** On a simulator, the folder that stands in for the flash. */
	readonly storage?: string;
}

/** What a device needs to know of the place it works in, and its description does not say. */
export interface Settings {
	readonly broker: BrokerSettings;
	/** Trusted root certificates, DER, left in flash. */
	readonly roots: readonly Uint8Array[];
}

/** The settings that this firmware was built with. Throws when the build put none in. */
export function builtConfig(): Config {
	if (!config.farpin) throw new Error("this firmware was built without settings: run npm run build");
	return config.farpin;
}

/** The part of the settings that belongs to the device rather than to its board. */
export function loadSettings(): Settings {
	const { broker, roots } = builtConfig();
	return { broker, roots: Array.from({ length: roots }, (_, n) => new Uint8Array(new Resource(`root-${n}.der`))) };
}
