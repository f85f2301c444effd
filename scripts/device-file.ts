import { existsSync, statSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { checkDevice } from "../firmware/model/check.js";
import { CHIPS, type Chip } from "../firmware/model/chips.js";
import type { Device } from "../firmware/model/device.js";
import { Fault, reasonOf } from "../firmware/model/fault.js";

const chips = Object.keys(CHIPS) as Chip[];

/** The device that a file describes. Throws a Fault when there is none, or something is wrong with it. */
export async function loadDevice(file: string, { unchecked = false } = {}): Promise<Device> {
	const path = resolve(file);
	if (!existsSync(path)) throw new Fault(file, "there is no such file", "give --device the file of a device");
	if (statSync(path).isDirectory())
		throw new Fault(file, "it is a folder and not a file", "give --device the file of a device");
	const device = await evaluate(path, file, unchecked ? "" : "`npx farpin check` shows where");
	const faults = unchecked ? [] : findFaults(device);
	if (faults.length > 0) {
		throw new Fault(
			file,
			faults.map((fault) => fault.message).join("\n  "),
			"`npx farpin check` tells when it is right",
		);
	}
	return device;
}

/**
 * What is wrong with the device, in plain words. The file does not say for which chip it is, and what is a good pin of one
 * leads to the flash memory of another: it is judged on the chip that it fits best.
 */
export function findFaults(device: Device): Fault[] {
	const [best = []] = chips.map((chip) => checkDevice(device, chip)).sort((a, b) => a.length - b.length);
	return best;
}

/** Names of the chips on which nothing is wrong with the device. */
export function chipsFor(device: Device): string[] {
	return chips.filter((chip) => checkDevice(device, chip).length === 0).map((chip) => CHIPS[chip].name);
}

async function evaluate(path: string, file: string, fix: string): Promise<Device> {
	let module: { default?: unknown };
	try {
		module = (await import(pathToFileURL(path).href)) as { default?: unknown };
	} catch (error) {
		if (error instanceof Fault) throw error;
		throw new Fault(file, whyUnreadable(error, path), fix);
	}
	const device = module.default;
	if (typeof device === "object" && device !== null && "parts" in device && Array.isArray(device.parts))
		return device as Device;
	throw new Fault(file, "it describes no device", "write `export default defineDevice({ ... })`");
}

/** What an engine and a translator say of a module, as one plain sentence. */
function whyUnreadable(error: unknown, path: string): string {
	const { code, url } = error as { readonly code?: unknown; readonly url?: unknown };
	if (code === "ERR_MODULE_NOT_FOUND" && typeof url === "string") {
		const missing = relative(dirname(path), fileURLToPath(url)).replaceAll("\\", "/");
		return `it imports ${missing}, which does not exist`;
	}
	// So says esbuild, with which TypeScript is made into something that Node.js runs.
	const { line, column, what } = /:(?<line>\d+):(?<column>\d+): ERROR: (?<what>.*)/.exec(reasonOf(error))?.groups ?? {};
	if (what !== undefined) return `line ${line}, column ${Number(column) + 1}: ${what}`;
	return `it cannot be read (${reasonOf(error)})`;
}
