import type { Store } from "../ports/store.js";

/** This code did not exist before: 2025-01-01T00:00:00Z in milliseconds since 1970. */
const WRITTEN_MS = 1_735_689_600_000;
const DAY_MS = 86_400_000;
const STEP_MAX_MS = 30 * DAY_MS;
const AHEAD_MAX_MS = 20 * 365 * DAY_MS;
const KEY = "time";

/**
 * The earliest time that is believed: when this firmware was built, or the last time known, which outlives a restart.
 * A time server cannot put the clock back before it, to a day when a stolen certificate was still good.
 *
 * The time is kept only when a server's certificate was found valid at it, and grows by 30 days a time at most: who
 * feeds the device a wrong time once must not lock it out for good. One write a day at most, which is nothing to the
 * flash, also in a loop of restarts: every write is a day after the one before.
 */
export class TimeFloor {
	private floorMs: number;
	private readonly store: Store;

	constructor(store: Store, builtMs: number | undefined) {
		this.store = store;
		this.floorMs = Math.max(WRITTEN_MS, builtMs ?? 0);
		this.floorMs = Math.max(this.floorMs, this.kept());
	}

	/** Milliseconds since 1970. */
	get earliestMs(): number {
		return this.floorMs;
	}

	/** A certificate was found valid at this time. */
	confirm(wallMs: number): void {
		if (wallMs - this.floorMs < DAY_MS) return;
		this.floorMs = Math.min(wallMs, this.floorMs + STEP_MAX_MS);
		try {
			this.store.set(KEY, String(Math.floor(this.floorMs)));
		} catch {
			// It counts until the next restart at least.
		}
	}

	/** What the store holds; nothing when that cannot be a time. */
	private kept(): number {
		try {
			const kept = Number(this.store.get(KEY));
			return kept < this.floorMs + AHEAD_MAX_MS ? kept : 0;
		} catch {
			return 0;
		}
	}
}
