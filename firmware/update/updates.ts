import { Fault } from "../model/fault.js";
import { minutes } from "../model/units.js";
import type { Updates } from "../model/updates.js";
import { DeviceUpdater } from "./device-updater.js";
import { chooseStart } from "./safe-mode.js";
import { versionNumber } from "./version.js";

export interface UpdatesOptions {
	/** The version of this firmware, such as `1.4.0`: raise it with every release. */
	readonly version: string;
	/** Free memory below which new firmware is not kept, bytes; 12,000 unless set. */
	readonly heapFloor?: number;
	/** How long everything has to work before new firmware is kept, milliseconds; one minute unless set. */
	readonly steady?: number;
	/** When new firmware is given up that does not work by then, milliseconds; ten minutes unless set. */
	readonly within?: number;
}

const HEAP_FLOOR = 12_000;

/**
 * Lets a device be renewed from afar, with releases that its owner signs. New firmware stays only if sensors answer, the
 * broker acknowledges and memory is left, for a time; otherwise what ran before comes back, and says why.
 */
export function updates(options: UpdatesOptions): Updates {
	const { version, heapFloor = HEAP_FLOOR, steady = minutes(1), within = minutes(10) } = options;
	if (versionNumber(version) === undefined)
		throw new Fault("updates", `"${version}" is no version`, "write three numbers, as in 1.4.0");
	if (!(steady >= 0 && within > steady))
		throw new Fault("updates", "`within` is not longer than `steady`", "give new firmware the time to prove itself");
	const contract = { heapFloor, steadyMs: steady, withinMs: within };
	return {
		version,
		begin: chooseStart,
		create: (host) => new DeviceUpdater(host, version, contract),
	};
}
