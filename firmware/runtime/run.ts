import type { Device } from "../model/device.js";
import { useText } from "../mqtt/standins/text.js";
import type { Board } from "../ports/board.js";
import { DeviceRuntime } from "./device-runtime.js";
import type { OutboxReport } from "./outbox-report.js";
import type { Settings } from "./settings.js";
import { UpdatableRuntime } from "./updatable-runtime.js";

/** A device at work, as its board's entry sees it. */
export interface Running {
	/** Its name on the wire. */
	readonly id: string;
	readonly link: { readonly state: string; readonly lastError: string | undefined };
	/** What waits for the broker, and what was lost. */
	readonly outbox: OutboxReport;
	/** Says `offline`, puts every output into its safe state and gives everything back. */
	stop(): void;
}

/** Starts `device` on `board`. Everything else happens in the board's callbacks. */
export function run(board: Board, device: Device, settings: Settings): Running {
	useText(board.text);
	const { updates, signing } = device;
	const used = signing?.settings?.begin(board, settings) ?? settings;
	const runtime =
		updates === undefined ? new DeviceRuntime(board, device, used) : new UpdatableRuntime(board, device, updates, used);
	if (signing !== undefined && runtime.keys.length === 0)
		runtime.log("this device wants signed commands and has no keys: it takes none");
	if (device.envelope?.wrap("", "", { board, keys: runtime.keys }) === undefined && device.envelope !== undefined)
		runtime.log(`this device has no key ${device.envelope.key} for its envelope: what belongs into one waits`);
	runtime.start();
	signing?.settings?.watch(runtime);
	return runtime;
}
