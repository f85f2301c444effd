import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { factsOf } from "../firmware/model/broker-facts.js";
import type { PlaceBroker } from "../firmware/model/credentials.js";
import type { Device } from "../firmware/model/device.js";
import { Fault } from "../firmware/model/fault.js";
import { type BuildBroker, BuildError, type BuildSettings, readSettings } from "./build/settings.js";
import { projectFolder } from "./places.js";

/** Where the settings of the boards are. */
export const SETTINGS_FILE = resolve(projectFolder, "manifests/settings.json");

const NOBODY = { certificates: [], key: new Uint8Array(0) };

/** What the device's cloud would not take of these settings. */
export function cloudFaults({ cloud }: Pick<Device, "cloud">, settings: BuildSettings): Fault[] {
	if (cloud === undefined) return [];
	const brokers = [settings.broker, ...(settings.otherBrokers ?? [])];
	return brokers
		.flatMap((broker) => cloud.checkBroker(factsOf(placeOf(broker), settings.root)))
		.map((why) => new Fault("settings", why));
}

/**
 * What a build for a chip would not take of the settings in a file: the first thing that is wrong with them, or all to which
 * the device's cloud objects. Nothing where there is no file yet.
 */
export function settingsFaults(device: Pick<Device, "cloud">, path = SETTINGS_FILE): Error[] {
	if (!existsSync(path)) return [];
	try {
		return cloudFaults(device, readSettings(path, { wifi: true }));
	} catch (error) {
		if (error instanceof BuildError) return [error];
		throw error;
	}
}

/** As far as a cloud asks: what the certificates and the key are, it does not. */
function placeOf({ roots, identity, ...broker }: BuildBroker): PlaceBroker {
	if (roots === undefined) return broker;
	return { ...broker, tls: { roots: [], ...(identity === undefined ? {} : { identity: NOBODY }) } };
}
