import { resolve } from "node:path";
import { Fault } from "../../firmware/model/fault.js";
import { type BuildBroker, type BuildSettings, readSettings } from "../build/settings.js";

/** What a file of settings says, as the command that brings it to a device, and what of it no command can bring. */
export interface SettingsCommand {
	readonly command: { readonly settings: object };
	/** Names of settings. */
	readonly left: readonly string[];
}

/** Reads a file as `manifests/settings.json` is, and checks it as the build does: names of PEM files included. */
export function settingsCommand(path: string): SettingsCommand {
	const settings = readSettings(resolve(path), { wifi: false });
	const { wifi = [], broker, otherBrokers } = settings;
	if (wifi.length > 1) throw new Fault(path, "it names several Wi-Fis", "a device is sent to one from afar: leave one");
	if (otherBrokers !== undefined) throw new Fault(path, "it names several brokers", "leave the one to go to");
	const [network] = wifi;
	const document = { ...(network === undefined ? {} : { wifi: network }), broker: brokerOf(broker) };
	return { command: { settings: { ...document, ...tlsOf(broker, settings) } }, left: leftOf(settings) };
}

function brokerOf({ host, port, username, password, webSocketPath, protocol }: BuildBroker): object {
	return { host, port, user: username, password, path: webSocketPath, alpn: protocol }; // JSON leaves out what is undefined
}

function tlsOf({ roots, pins, identity }: BuildBroker, settings: BuildSettings): object {
	const own = identity === undefined ? undefined : settings.identities[identity.number];
	return {
		certificate: own?.certificates.map(encoded),
		key: own === undefined ? undefined : encoded(own.key),
		pins: pins?.map((pin) => encoded(Buffer.from(pin, "hex"))),
		roots: roots?.map((number) => encoded(settings.roots[number] as Buffer)),
	};
}

function encoded(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("base64url");
}

function leftOf({ id, root, timeServer, keys, releaseKeys }: BuildSettings): string[] {
	const given = { id, root, timeServer, keys, updates: releaseKeys };
	return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}
