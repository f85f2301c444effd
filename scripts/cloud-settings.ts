import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { BrokerFacts } from "../firmware/model/cloud.js";
import type { Device } from "../firmware/model/device.js";
import { Fault } from "../firmware/model/fault.js";
import { type BuildBroker, type BuildSettings, readSettings } from "./build/settings.js";
import { projectFolder } from "./places.js";

/** Where the settings of the boards are. */
export const SETTINGS_FILE = resolve(projectFolder, "manifests/settings.json");

/** What the device's cloud would not take of these settings. */
export function cloudFaults({ cloud }: Pick<Device, "cloud">, settings: BuildSettings): Fault[] {
	if (cloud === undefined) return [];
	const brokers = [settings.broker, ...(settings.otherBrokers ?? [])];
	return brokers
		.flatMap((broker) => cloud.checkBroker(factsOf(broker, settings.root)))
		.map((why) => new Fault("settings", why));
}

/** The same of the settings in a file; none where there is no file yet, or no cloud that could object. */
export function settingsFaults(device: Device, path = SETTINGS_FILE): Fault[] {
	if (device.cloud === undefined || !existsSync(path)) return [];
	return cloudFaults(device, readSettings(path, { wifi: false }));
}

function factsOf(broker: BuildBroker, root = "farpin"): BrokerFacts {
	const { host, port, username, password, webSocketPath, roots, identity } = broker;
	return {
		root,
		host,
		port,
		username,
		password,
		encrypted: roots !== undefined,
		certificate: identity !== undefined,
		webSocket: webSocketPath !== undefined,
	};
}
