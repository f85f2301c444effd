import type { Board, ResetReason } from "../../firmware/ports/board.js";
import type { Alarm, AlarmHandler } from "../../firmware/ports/clock.js";
import type { Crypto } from "../../firmware/ports/crypto.js";
import type { Entry } from "../../firmware/ports/guard.js";
import type { Text } from "../../firmware/ports/text.js";
import { Calls } from "./calls.js";
import { VirtualAlarm, VirtualClock } from "./clock.js";
import { VirtualFlash } from "./flash.js";
import { VirtualHardware } from "./hardware.js";
import { VirtualInternet } from "./internet.js";
import { VirtualNetwork } from "./network.js";
import type { VirtualSlots } from "./slots.js";
import { VirtualStore } from "./store.js";
import { plainText } from "./text.js";
import { World } from "./world.js";

const LINES_MAX = 1_000;

export interface VirtualBoardOptions {
	readonly world?: World;
	readonly internet?: VirtualInternet;
	/** The engine's own UTF-8 where it has one. */
	readonly text?: Text;
	/** An engine has it, or a library; without, every use of it fails. */
	readonly crypto?: Crypto;
	/** 12 hexadecimal digits. */
	readonly uniqueId?: string;
	/** How much too fast the crystal runs, parts per million. */
	readonly driftPpm?: number;
}

function none(): never {
	throw new Error("this virtual board was given no cryptography");
}

const NO_CRYPTO: Crypto = { hash: none, verifyEcdsa: none, hmac: none, seal: none, open: none };

/** A board in memory. It moves only when `world.advance` is called. */
export class VirtualBoard implements Board {
	readonly target = "virtual";
	readonly uniqueId: string;
	readonly world: World;
	readonly internet: VirtualInternet;
	readonly text: Text;
	readonly crypto: Crypto;
	readonly clock: VirtualClock;
	readonly hardware: VirtualHardware;
	readonly network: VirtualNetwork;
	readonly store: VirtualStore;
	/** Flash for what waits to be sent: like on the chips, but small enough for a test to fill it. */
	segments: VirtualFlash | undefined = new VirtualFlash();
	/** Two places for firmware, on a board that has them. */
	slots: VirtualSlots | undefined;
	resetReason: ResetReason = "power";
	/** Lines on the console, oldest first; bounded. */
	readonly lines: string[] = [];
	/** What `freeBytes` tells. */
	free: number | undefined = 100_000;
	/** Called when the firmware asked for a restart and the board has come up again: start the firmware here. */
	onRestart: (() => void) | undefined;
	private readonly calls = new Calls();

	constructor(options: VirtualBoardOptions = {}) {
		this.world = options.world ?? options.internet?.world ?? new World();
		this.internet = options.internet ?? new VirtualInternet(this.world);
		this.text = options.text ?? plainText;
		this.crypto = options.crypto ?? NO_CRYPTO;
		this.uniqueId = options.uniqueId ?? "0242ac110002";
		this.clock = new VirtualClock(this.world, options.driftPpm);
		this.hardware = new VirtualHardware({
			clock: this.clock,
			entry: () => this.calls.entry,
			soon: (run) => this.world.after(0, run),
		});
		this.network = new VirtualNetwork(this.internet, this.calls);
		this.store = new VirtualStore(this.text);
	}

	attach(entry: Entry): void {
		this.calls.attach(entry);
	}

	alarm(handler: AlarmHandler): Alarm {
		return new VirtualAlarm(this.world, this.clock, this.calls, handler);
	}

	random(into: Uint8Array): void {
		for (let at = 0; at < into.length; at++) into[at] = Math.floor(this.world.random() * 256);
	}

	freeBytes(): number | undefined {
		return this.free;
	}

	log(line: string): void {
		this.lines.push(line);
		if (this.lines.length > LINES_MAX) this.lines.shift();
	}

	restart(): void {
		this.world.after(0, () => this.reset("restart"));
	}

	/**
	 * The board starts again, for whatever reason: nothing that the firmware of before has open or is waiting for
	 * reaches it, or anything, any more. Flash, chips and what drives the pins stay. Then `onRestart` is called.
	 */
	reset(reason: ResetReason): void {
		this.resetReason = reason;
		this.calls.reset();
		this.network.reset();
		this.hardware.reset();
		this.store.reset();
		this.segments?.reset();
		this.slots?.boot();
		this.clock.reset();
		this.onRestart?.();
	}
}
