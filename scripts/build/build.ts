import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { checkDevice } from "../../firmware/model/check.js";
import type { Device } from "../../firmware/model/device.js";
import type { Fault } from "../../firmware/model/fault.js";
import { cloudFaults, SETTINGS_FILE } from "../cloud-settings.js";
import { findFaults, loadDevice } from "../device-file.js";
import { homeFolder } from "../places.js";
import { signingKey } from "../release/keys.js";
import { Bundles, type Parts, render } from "./bundle.js";
import { modulesIn, writeFirmware } from "./manifest.js";
import { BuildError, type BuildSettings, readSettings } from "./settings.js";
import { warningOf } from "./warnings.js";

const ROOT = resolve(import.meta.dirname, "../..");

/** The folders under manifests/, and the entry of the firmware that each is for. */
const ENTRIES = {
	esp32: "firmware/main.ts",
	esp32c3: "firmware/main.ts",
	esp32s3: "firmware/main.ts",
	simulator: "manifests/simulator/main.ts",
} as const;

export type Target = keyof typeof ENTRIES;
export const TARGETS = Object.keys(ENTRIES) as Target[];

export interface BuildOptions {
	/** manifests/settings.json when left out. */
	readonly settings?: string;
	/** Puts none in: `npx farpin provision` puts them onto each board. */
	readonly withoutSettings?: boolean | undefined;
	/** Also for a chip on which the owner's device cannot work: to see that it links. */
	readonly forAnyChip?: boolean | undefined;
	/** The entry of another firmware than the target's own: a path from the root of the repository. */
	readonly entry?: string;
	/** Whether the firmware is to be renewed from afar; what firmware/device.ts says unless given. */
	readonly updates?: boolean | undefined;
	/** build/ when left out; the firmware for a target goes to a folder of its name in there. */
	readonly output?: string;
	/** Firmware read for other builds before, to be used and added to; the caller closes it. */
	readonly bundles?: Bundles;
	/** Told what the owner should know. */
	readonly onWarning?: (warning: string) => void;
}

/**
 * Makes of the TypeScript what the SDK's mcconfig takes: build/<target>/, which manifests/<target>/manifest.json
 * includes. For one target, or for all on which the device can work. Throws a BuildError, one sentence, for what the owner has to put right.
 */
export async function build(only?: string, options: BuildOptions = {}): Promise<readonly Target[]> {
	const device = await deviceOf(options);
	const targets = targetsFor(only, options.forAnyChip === true ? undefined : device, options.onWarning);
	const bundles = options.bundles ?? new Bundles();
	const updates = options.updates ?? device?.updates !== undefined;
	let warning: string | undefined;
	try {
		for (const target of targets) {
			const settings = settingsFor(target, device ?? {}, options);
			warning ??= settings === undefined ? undefined : warningOf(settings);
			const entry = options.entry ?? ENTRIES[target];
			const bundled = await bundles.of(entry, { ...partsOf(settings, device), updates });
			const folder = resolve(options.output ?? resolve(ROOT, "build"), target);
			const keys = updates ? [signingKey(homeFolder()).publicKey, ...(settings?.releaseKeys ?? [])] : undefined;
			writeFirmware(folder, await render(bundled, modulesIn(folder)), settings, { target, releaseKeys: keys });
		}
	} finally {
		if (bundles !== options.bundles) await bundles.close();
	}
	if (warning !== undefined) options.onWarning?.(warning);
	return targets;
}

/** What a firmware needs to reach its brokers. Where a device will go that is told later, nobody knows yet. */
function partsOf(settings: BuildSettings | undefined, device: Device | undefined): Omit<Parts, "updates"> {
	if (settings === undefined || device?.signing?.settings !== undefined) return { webSocket: true, identity: true };
	const brokers = [settings.broker, ...(settings.otherBrokers ?? [])];
	return {
		webSocket: brokers.some(({ webSocketPath }) => webSocketPath !== undefined),
		// Other firmware than the owner's may bring a certificate along.
		identity: device === undefined || brokers.some(({ identity }) => identity !== undefined),
	};
}

/** What is to be put into the firmware, checked; undefined for nothing. */
function settingsFor(target: Target, device: Pick<Device, "cloud">, options: BuildOptions): BuildSettings | undefined {
	if (options.withoutSettings === true) return undefined;
	const path = options.settings ?? SETTINGS_FILE;
	if (!existsSync(path))
		throw new BuildError(
			`${relative(process.cwd(), path)} is missing: copy manifests/settings.example.json to it and fill it in, or build` +
				" --without-settings, and put settings onto each board with npx farpin provision.",
		);
	const settings = readSettings(path, { wifi: target !== "simulator" });
	const [fault] = cloudFaults(device, settings);
	if (fault !== undefined) throw new BuildError(fault.message);
	return settings;
}

/** What an owner's firmware is, its device file says; what another is, whoever builds it. */
async function deviceOf({ entry }: BuildOptions): Promise<Device | undefined> {
	if (entry !== undefined) return undefined;
	return await loadDevice(resolve(ROOT, "firmware/device.ts"), { unchecked: true });
}

/** What to build for: what was asked for, or everything that the device fits. */
function targetsFor(
	only: string | undefined,
	device: Device | undefined,
	onWarning: BuildOptions["onWarning"],
): readonly Target[] {
	if (only !== undefined) {
		const target = checkTarget(only);
		const fault = device && misfit(device, target);
		if (fault !== undefined) throw new BuildError(fault.message);
		return [target];
	}
	if (device === undefined) return TARGETS;
	const [fault] = findFaults(device);
	if (fault !== undefined) throw new BuildError(fault.message); // it fits none
	return TARGETS.filter((target) => {
		const why = misfit(device, target);
		if (why !== undefined) onWarning?.(`Not built for ${target}, which this device does not fit: ${why.message}`);
		return why === undefined;
	});
}

/** Why the device cannot work on this target, or undefined. A simulator is whatever chip fits best. */
function misfit(device: Device, target: Target): Fault | undefined {
	const [fault] = target === "simulator" ? findFaults(device) : checkDevice(device, target);
	return fault;
}

function checkTarget(name: string): Target {
	if (!TARGETS.includes(name as Target)) throw new BuildError(`There is no target ${name}: ${TARGETS.join(", ")}.`);
	return name as Target;
}
