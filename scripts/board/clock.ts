import type { Alarm, AlarmHandler, Clock } from "../../firmware/ports/clock.js";
import type { PcCalls } from "./calls.js";

const TIMER_MAX_MS = 2_147_483_647; // setTimeout takes no longer delay

/** The computer's clocks. It knows the date from the start, unlike a chip. */
export class PcClock implements Clock {
	/** A whole number, so that the milliseconds of every clock here begin at the same moments, as of one crystal. */
	readonly #startMs = Math.floor(performance.now());
	#offsetMs: number | undefined;

	monotonicMs(): number {
		return Math.floor(performance.now() - this.#startMs);
	}

	wallMs(): number {
		return this.#offsetMs === undefined ? Date.now() : this.#offsetMs + this.monotonicMs();
	}

	setWallMs(epochMs: number): void {
		this.#offsetMs = epochMs - this.monotonicMs();
	}
}

/** One `setTimeout`, never early by the board's own clock. */
export class PcAlarm implements Alarm {
	readonly #calls: PcCalls;
	readonly #clock: Clock;
	readonly #handler: AlarmHandler;
	#timer: NodeJS.Timeout | undefined;
	#dueMs = 0;

	constructor(calls: PcCalls, clock: Clock, handler: AlarmHandler) {
		this.#calls = calls;
		this.#clock = clock;
		this.#handler = handler;
	}

	arm(delayMs: number): void {
		this.#dueMs = this.#clock.monotonicMs() + delayMs;
		this.#set(delayMs);
	}

	disarm(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
	}

	#set(delayMs: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#expire(), Math.min(Math.ceil(delayMs), TIMER_MAX_MS));
	}

	#expire(): void {
		const leftMs = this.#dueMs - this.#clock.monotonicMs();
		if (leftMs > 0) {
			this.#set(leftMs); // timers of Node may fire a millisecond early, and have an upper limit
			return;
		}
		this.#timer = undefined;
		this.#calls.call("alarm", this.#handler, this.#handler.onAlarm);
	}
}
