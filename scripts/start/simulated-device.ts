import type { Device } from "../../firmware/model/device.js";
import { reasonOf } from "../../firmware/model/fault.js";
import type { ResetReason } from "../../firmware/ports/board.js";
import type { OutboxReport } from "../../firmware/runtime/outbox-report.js";
import { type Running, run } from "../../firmware/runtime/run.js";
import type { Settings } from "../../firmware/runtime/settings.js";
import { VirtualHardware } from "../../host-tests/virtual/hardware.js";
import { PcClock } from "../board/clock.js";
import { PcBoard } from "../board/pc-board.js";
import { Bench, type BenchPart } from "./bench.js";
import { linkWords } from "./link-words.js";

const LINES_MAX = 300; // of the console, for a page that is opened later

export interface SimulatedDeviceOptions {
	readonly device: Device;
	readonly settings: Settings & { readonly id: string };
	readonly uniqueId: string;
	readonly storePath: string;
	/** One line on the board's console. */
	readonly onLog?: (line: string) => void;
	/** Anything may have changed: pins, link, log. Called often. */
	readonly onChange?: () => void;
}

/** The state of the link as the page and the summary show it. */
export interface LinkReport {
	readonly state: string;
	/** The same in plain words. */
	readonly words: string;
	readonly lastError: string | undefined;
}

/** The firmware on the computer's board with virtual hardware around it, through as many restarts as it asks for. */
export class SimulatedDevice {
	readonly #options: SimulatedDeviceOptions;
	readonly #hardware: VirtualHardware;
	readonly #bench: Bench;
	readonly #lines: string[] = [];
	#count = 0;
	#board: PcBoard;
	#running: Running | undefined;

	constructor(options: SimulatedDeviceOptions) {
		this.#options = options;
		const clock = new PcClock(); // the world's, which goes on when the board starts again
		this.#hardware = new VirtualHardware({
			clock,
			entry: () => this.#board.entry,
			soon: (interrupt) => void setImmediate(interrupt),
		});
		this.#bench = new Bench(options.device, this.#hardware, clock);
		this.#board = this.#makeBoard("power");
	}

	get id(): string {
		return this.#options.settings.id;
	}

	get link(): LinkReport {
		const { state = "off", lastError } = this.#running?.link ?? {};
		return { state, words: linkWords(state, lastError), lastError };
	}

	/** What waits for the broker; undefined while the device is off. */
	get outbox(): OutboxReport | undefined {
		return this.#running?.outbox;
	}

	get isNetworkUp(): boolean {
		return !this.#board.network.isCut;
	}

	/** Switches the power on. */
	start(): void {
		this.#running = run(this.#board, this.#options.device, this.#options.settings);
	}

	/** Ends cleanly: the broker is told, and nothing stays open. */
	async stop(): Promise<void> {
		this.#running?.stop();
		this.#running = undefined;
		const off = this.#board.powerOff();
		this.#hardware.reset(); // an edge on its way must not reach the board any more
		await off;
	}

	parts(): BenchPart[] {
		return this.#bench.parts();
	}

	/** Turns a knob on the bench. Throws when there is none, or the value is none of its. */
	turn(part: string, knob: string, value: number): void {
		this.#bench.turn(part, knob, value);
	}

	/** Pulls the network cable, or puts it back. */
	setNetwork(up: boolean): void {
		if (up) this.#board.network.restore();
		else this.#board.network.cut();
	}

	/** Lines of the console after the first `seen`, and how many there have been. */
	logSince(seen: number): { lines: readonly string[]; count: number } {
		const fresh = Math.min(this.#count - seen, this.#lines.length);
		return { lines: fresh > 0 ? this.#lines.slice(-fresh) : [], count: this.#count };
	}

	#makeBoard(resetReason: ResetReason): PcBoard {
		const { uniqueId, storePath, onChange } = this.#options;
		return new PcBoard({
			uniqueId,
			resetReason,
			storePath,
			hardware: this.#hardware,
			onLog: (line) => this.#log(line),
			onRestart: () => {
				this.#restart().catch((error: unknown) => this.#log(`the restart failed: ${reasonOf(error)}`));
			},
			...(onChange === undefined ? {} : { onSettled: onChange }),
		});
	}

	async #restart(): Promise<void> {
		const wasCut = this.#board.network.isCut;
		await this.stop();
		this.#board = this.#makeBoard("restart");
		if (wasCut) this.#board.network.cut();
		this.start();
	}

	#log(line: string): void {
		this.#lines.push(line);
		this.#count++;
		if (this.#lines.length > LINES_MAX) this.#lines.shift();
		this.#options.onLog?.(line);
		this.#options.onChange?.();
	}
}
