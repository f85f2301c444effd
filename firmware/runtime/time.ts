import type { Clock } from "../ports/clock.js";

/**
 * When something happened, in milliseconds since 1970, worked out from the clock that never jumps, so that it is right
 * also for what happened before the date was known; undefined while it is not.
 */
export function timeOf(clock: Clock, monotonicMs: number): number | undefined {
	const wallMs = clock.wallMs();
	return wallMs === undefined ? undefined : Math.round(wallMs - clock.monotonicMs() + monotonicMs);
}

/** The same as JSON: `null` while the date is not known. */
export function timeJson(clock: Clock, monotonicMs: number): string {
	const timeMs = timeOf(clock, monotonicMs);
	return timeMs === undefined ? "null" : String(timeMs);
}
