import type { Clock } from "../ports/clock.js";

/**
 * When something happened, as JSON: milliseconds since 1970, worked out from the clock that never jumps, so that it is
 * right also for what happened before the date was known; `null` while it is not.
 */
export function timeJson(clock: Clock, monotonicMs: number): string {
	const wallMs = clock.wallMs();
	return wallMs === undefined ? "null" : String(Math.round(wallMs - clock.monotonicMs() + monotonicMs));
}
