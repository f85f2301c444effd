import Time from "time";
import type { Clock } from "../ports/clock.js";

// A date before this one (1 January 2025) was not told to us by anybody: the chip starts counting at 1970.
const EARLIEST_MS = 1_735_689_600_000;

/** Time from the platform's ticks. The date survives a restart in the chip's clock, and is lost with the power. */
export class PlatformClock implements Clock {
	private ticks = Time.ticks;
	private elapsedMs = 0;

	monotonicMs(): number {
		const ticks = Time.ticks;
		// The chip's ticks wrap after 24.8 days, which `delta` undoes; a desktop's may go back when its clock is set.
		const passedMs = Time.delta(this.ticks, ticks);
		this.ticks = ticks;
		if (passedMs > 0) this.elapsedMs += passedMs;
		return this.elapsedMs;
	}

	wallMs(): number | undefined {
		const now = Date.now();
		return now < EARLIEST_MS ? undefined : now;
	}

	setWallMs(epochMs: number): void {
		// Does nothing on a desktop, which keeps its own time.
		Time.set(Math.round(epochMs / 1000));
	}
}
