import type { Device } from "../firmware/model/device.js";
import { settingsFaults } from "./cloud-settings.js";
import { chipsFor, findFaults, loadDevice } from "./device-file.js";
import { typeFaults } from "./device-types.js";

/** What `npx farpin check` found. */
export interface Checked {
	/** Undefined where the file cannot even be read. */
	readonly device: Device | undefined;
	/** A sentence each; none when `npm run build` would take device and settings. */
	readonly faults: readonly string[];
	/** Names of the chips that have the pins for it. */
	readonly chips: readonly string[];
}

/** Everything that is wrong with a device file, and with the settings of the boards where there are any. */
export async function checkFile(file: string): Promise<Checked> {
	const types = typeFaults(file);
	try {
		const device = await loadDevice(file, { unchecked: true });
		const others = [...findFaults(device), ...settingsFaults(device)];
		const faults = [...(await types), ...others.map(({ message }) => message)];
		return { device, faults, chips: chipsFor(device) };
	} catch (error) {
		const faults = await types;
		if (faults.length === 0) throw error;
		return { device: undefined, faults, chips: [] }; // it cannot be read because of what does not compile
	}
}
