import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Device } from "../../firmware/model/device.js";
import { keptText } from "../private-files.js";
import { allOwnerKeys, isForSigning, keyFolder, makeKey } from "../trust/key-files.js";
import { linkWords } from "./link-words.js";
import { SimulatedDevice } from "./simulated-device.js";
import { type Target, tlsPolicy } from "./target.js";

export interface FleetOptions {
	readonly device: Device;
	readonly count: number;
	/** First part of every name; made from the device's name unless given. */
	readonly id: string | undefined;
	readonly target: Target;
	/** The password that devices use at our own broker, where their id is their user name. */
	readonly devicePassword: string | undefined;
	/** Where identities and flash are kept. */
	readonly folder: string;
	readonly onLog: (id: string, line: string) => void;
	readonly onChange: () => void;
}

/** What the devices of a run are called. `own`: the broker is ours. */
export function fleetIds(
	{ device, count, id, folder }: Pick<FleetOptions, "device" | "count" | "id" | "folder">,
	own: boolean,
): string[] {
	const plain = slug(device.name);
	// At a broker that others use, too, two computers must not call their devices the same.
	const name = id ?? (own ? plain : `${plain}-${computerId(folder).slice(0, 4)}`);
	return Array.from({ length: count }, (_, index) => (count === 1 ? name : `${name}-${index + 1}`));
}

/** Where the flash of the virtual boards is kept. */
export function storeFolder(folder: string): string {
	return join(folder, "store");
}

/** Makes the devices of this run; nothing is started yet. */
export function makeFleet(options: FleetOptions): SimulatedDevice[] {
	const computer = computerId(options.folder);
	const own = options.devicePassword !== undefined;
	const keys = keysFor(options.device, keyFolder(options.folder));
	const device = own ? withoutCloud(options.device) : options.device;
	return fleetIds(options, own).map((id) => makeOne({ ...options, device }, id, computer, keys));
}

/** At our own broker no device has a cloud to introduce itself to. */
function withoutCloud({ cloud: _, ...device }: Device): Device {
	return device;
}

function makeOne(
	{ device, target, devicePassword, folder, onLog, onChange }: FleetOptions,
	id: string,
	computer: string,
	keys: readonly string[],
) {
	const tls = tlsPolicy(target);
	let told = linkWords("off", undefined);
	const made: SimulatedDevice = new SimulatedDevice({
		device,
		settings: {
			id,
			keys,
			broker: {
				host: target.host,
				port: target.port,
				...(tls === undefined ? {} : { tls }),
				webSocketPath: target.webSocketPath,
				username: devicePassword === undefined ? target.username : id,
				password: devicePassword ?? target.password,
			},
		},
		uniqueId: uniqueId(computer, id),
		storePath: join(storeFolder(folder), `${id}.json`),
		// The link tells in plain words below; its own lines are for the board's console on the page.
		onLog: (line) => void (line.startsWith("link:") || onLog(id, line)),
		onChange() {
			const { words } = made.link;
			if (words !== told) onLog(id, words);
			told = words;
			onChange();
		},
	});
	return made;
}

/** The keys made here, as devices take them; what a device needs and is not there yet is made. */
function keysFor({ signing, envelope }: Device, folder: string): string[] {
	if (signing === undefined && envelope === undefined) return [];
	const signs = allOwnerKeys(folder).some(({ algorithm }) => isForSigning(algorithm));
	if (signing !== undefined && !signs) makeKey(folder, "owner", "ES256");
	// Only what seals covers events, too.
	const algorithm = envelope?.covers("event") === true ? "A256GCM" : "HS256";
	if (envelope !== undefined && allOwnerKeys(folder).every(({ id }) => id !== envelope.key))
		makeKey(folder, envelope.key, algorithm);
	return allOwnerKeys(folder).map(({ line }) => line);
}

/** The device's name as a part of topics. */
export function slug(name: string): string {
	const plain = name
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-|-$/g, "");
	return plain.slice(0, 24) || "device";
}

/** Twelve hexadecimal digits that stay the same from run to run, made at random on this computer. */
function computerId(folder: string): string {
	const made = () => randomBytes(6).toString("hex");
	return keptText(join(folder, "computer.id"), (text) => /^[0-9a-f]{12}$/.test(text), made);
}

/** A MAC address of the locally administered kind, which no real board has. */
function uniqueId(computer: string, id: string): string {
	return `02${createHash("sha256").update(`${computer}/${id}`).digest("hex").slice(0, 10)}`;
}
