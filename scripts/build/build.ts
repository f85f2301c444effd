import { resolve } from "node:path";
import { type Bundle, bundle } from "./bundle.js";
import { writeFirmware } from "./manifest.js";
import { BuildError, readSettings } from "./settings.js";

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
	/** build/ when left out; the firmware for a target goes to a folder of its name in there. */
	readonly output?: string;
}

/**
 * Makes of the TypeScript what the SDK's mcconfig takes: build/<target>/, which manifests/<target>/manifest.json
 * includes. For one target, or for all. Throws a BuildError, one sentence, for what the owner has to put right.
 */
export async function build(only?: string, options: BuildOptions = {}): Promise<readonly Target[]> {
	const targets = only === undefined ? TARGETS : [checkTarget(only)];
	const bundles = new Map<string, Bundle>();
	for (const target of targets) {
		const settings = readSettings(options.settings ?? resolve(ROOT, "manifests/settings.json"), {
			wifi: target !== "simulator",
		});
		const entry = ENTRIES[target];
		const made = bundles.get(entry) ?? (await bundle(entry));
		bundles.set(entry, made);
		writeFirmware(resolve(options.output ?? resolve(ROOT, "build"), target), made, settings);
	}
	return targets;
}

function checkTarget(name: string): Target {
	if (!TARGETS.includes(name as Target)) throw new BuildError(`There is no target ${name}: ${TARGETS.join(", ")}.`);
	return name as Target;
}
