import { randomFillSync } from "node:crypto";
import type { Board, Hardware, ResetReason } from "../../firmware/ports/board.js";
import type { Alarm, AlarmHandler } from "../../firmware/ports/clock.js";
import type { Entry } from "../../firmware/ports/guard.js";
import { PcCalls } from "./calls.js";
import { PcAlarm, PcClock } from "./clock.js";
import { nodeCrypto } from "./crypto.js";
import { PcNetwork } from "./network.js";
import { FileSegments } from "./segments.js";
import { FileStore } from "./store.js";
import { pcText } from "./text.js";

export interface PcBoardOptions {
	/** 12 lower-case hexadecimal digits. */
	readonly uniqueId: string;
	readonly resetReason: ResetReason;
	/** Where the board's settings are kept; what waits to be sent lies beside them. */
	readonly storePath: string;
	/** Pins and buses; they survive a restart, so they come from outside. Their callbacks pass through `entry`. */
	readonly hardware: Hardware;
	readonly onLog: (line: string) => void;
	readonly onRestart: () => void;
	/** Called after every callback into the firmware: the moment at which something may have changed. */
	readonly onSettled?: () => void;
}

/** The computer as a board: real clock, sockets and files, and whatever hardware it is given. */
export class PcBoard implements Board {
	readonly target: string = "pc";
	readonly uniqueId: string;
	readonly resetReason: ResetReason;
	readonly text = pcText;
	readonly crypto = nodeCrypto;
	readonly clock = new PcClock();
	readonly hardware: Hardware;
	readonly network: PcNetwork;
	readonly store: FileStore;
	readonly segments: FileSegments;
	readonly #calls: PcCalls;
	readonly #alarms: PcAlarm[] = [];
	readonly #options: PcBoardOptions;

	constructor(options: PcBoardOptions) {
		this.#options = options;
		this.#calls = new PcCalls(options.onSettled ?? (() => undefined));
		this.uniqueId = options.uniqueId;
		this.resetReason = options.resetReason;
		this.network = new PcNetwork(this.#calls);
		this.store = new FileStore(options.storePath);
		this.segments = new FileSegments(options.storePath.replace(/(\.json)?$/, ".flash"));
		this.hardware = options.hardware;
	}

	attach(entry: Entry): void {
		this.#calls.attach(entry);
	}

	/** The firmware's entry at this moment, for the hardware. */
	get entry(): Entry {
		return this.#calls.entry;
	}

	alarm(handler: AlarmHandler): Alarm {
		const alarm = new PcAlarm(this.#calls, this.clock, handler);
		this.#alarms.push(alarm);
		return alarm;
	}

	random(into: Uint8Array): void {
		randomFillSync(into);
	}

	freeBytes(): undefined {
		return undefined; // a figure of the whole computer would tell nothing about the device
	}

	log(line: string): void {
		this.#options.onLog(line);
	}

	restart(): void {
		setImmediate(this.#options.onRestart); // whoever asked finishes first
	}

	/** Takes the power away: no callback comes any more. Kept when nothing is open any more. */
	async powerOff(): Promise<void> {
		this.#calls.switchOff();
		for (const alarm of this.#alarms) alarm.disarm();
		await this.network.stop();
	}
}
