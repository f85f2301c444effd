/**
 * When something happened, in milliseconds since 1970, worked out from the clock that never jumps, so that it is right
 * also for what happened before the date was known. `originMs` is when that clock stood at 0; undefined is unknown.
 */
export function timeOf(originMs: number | undefined, monotonicMs: number): number | undefined {
	return originMs === undefined ? undefined : Math.round(originMs + monotonicMs);
}

/** The same as JSON: `null` where it is not known. */
export function timeJson(originMs: number | undefined, monotonicMs: number): string {
	const timeMs = timeOf(originMs, monotonicMs);
	return timeMs === undefined ? "null" : String(timeMs);
}
