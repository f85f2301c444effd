import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { checkDevice } from "../firmware/model/check.js";
import type { Device } from "../firmware/model/device.js";
import { Fault, reasonOf } from "../firmware/model/fault.js";

/** The device that a file describes. Throws a Fault when there is none, or something is wrong with it. */
export async function loadDevice(file: string, { unchecked = false } = {}): Promise<Device> {
	const path = resolve(file);
	if (!existsSync(path)) throw new Fault(file, "there is no such file", "give --device the file of a device");
	const device = await evaluate(path, file);
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

/** What is wrong with the device, in plain words. */
export function findFaults(device: Device): Fault[] {
	return checkDevice(device);
}

async function evaluate(path: string, file: string): Promise<Device> {
	let module: { default?: unknown };
	try {
		module = (await import(pathToFileURL(path).href)) as { default?: unknown };
	} catch (error) {
		if (error instanceof Fault) throw error;
		throw new Fault(file, `it cannot be read (${reasonOf(error)})`, "`npm run types` shows where");
	}
	const device = module.default;
	if (typeof device === "object" && device !== null && "parts" in device) return device as Device;
	throw new Fault(file, "it describes no device", "write `export default defineDevice({ ... })`");
}
