import Timer from "timer";
import type { Alarm, AlarmHandler } from "../ports/clock.js";
import { enter } from "./entry.js";

// Timers hold 32 bits of milliseconds.
const LONGEST_MS = 0x7fff_ffff;

/** One timer of the platform, for as long as the firmware runs. */
export class PlatformAlarm implements Alarm {
	readonly handler: AlarmHandler;
	readonly timer: Timer;

	constructor(handler: AlarmHandler) {
		this.handler = handler;
		// With a repeat, because the platform discards a timer that has fired and has none.
		this.timer = Timer.set(onTimer, LONGEST_MS, LONGEST_MS);
		this.timer.owner = this;
		this.disarm();
	}

	arm(delayMs: number): void {
		// The repeat equals the delay, because the Linux simulator otherwise leaves a second timer behind when one is
		// armed from its own callback; and 0 would make it a timer that is discarded when it has fired.
		const ms = Math.min(Math.max(Math.ceil(delayMs), 1), LONGEST_MS);
		Timer.schedule(this.timer, ms, ms);
	}

	disarm(): void {
		Timer.schedule(this.timer);
	}

	fired(): void {
		this.disarm();
		this.handler.onAlarm();
	}
}

function onTimer(timer: Timer): void {
	const alarm = timer.owner as PlatformAlarm;
	enter("alarm", alarm, alarm.fired, undefined, undefined);
}
