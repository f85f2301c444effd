import type { Device } from "../model/device.js";
import type { LogLevel } from "../model/log-level.js";
import type { Message } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import type { Payloads } from "./publisher-needs.js";

/** The device, as its uplink sees it. */
export interface UplinkOwner extends Payloads {
	readonly board: Board;
	readonly device: Device;
	/** The device's name on the wire. */
	readonly id: string;
	/** The first part of every topic of the device, with its last slash. */
	readonly prefix: string;
	/** Number of this start. */
	readonly boot: number;
	/** Starts that ended without a chance to save what was only in memory. */
	readonly cuts: number;
	/** A message arrived; `topic` is the part below the device's own. */
	onCommand(topic: string, message: Message): void;
	/** Publishes what became of a command. */
	result(payload: string, message: Message): void;
	/** The broker came into reach or went out of it. */
	onReach(online: boolean): void;
	/** One line for whoever watches the device; information unless told otherwise. Throws nothing. */
	log(line: string, level?: LogLevel): void;
}
