/*
 * Which `state` topics are to be published. One value of each is on its way at most: what changes faster than the broker
 * acknowledges is sent as it is then, not as it was in between. A list of numbers and no object: that takes the least memory.
 */

const CLEAN = 0;
const CHANGED = 1;
const IN_FLIGHT = 2;
const IN_FLIGHT_AND_CHANGED = 3;

/** For so many states, of which none is to be sent. */
export function stateFlags(count: number): number[] {
	return new Array<number>(count).fill(CLEAN);
}

/** The first state that is to be sent, or -1. */
export function nextChanged(flags: readonly number[]): number {
	return flags.indexOf(CHANGED);
}

/** The state has another value now. */
export function markChanged(flags: number[], index: number): void {
	flags[index] = (flags[index] as number) >= IN_FLIGHT ? IN_FLIGHT_AND_CHANGED : CHANGED;
}

/** Every state is to be sent anew. */
export function markAllChanged(flags: number[]): void {
	for (let i = 0; i < flags.length; i++) markChanged(flags, i);
}

/** The state is on its way. */
export function markSent(flags: number[], index: number): void {
	flags[index] = IN_FLIGHT;
}

/** The broker has the state that was sent. */
export function markAcknowledged(flags: number[], index: number): void {
	flags[index] = flags[index] === IN_FLIGHT_AND_CHANGED ? CHANGED : CLEAN;
}

/** The connection is gone, and with it what was on its way. */
export function markLost(flags: number[]): void {
	for (let i = 0; i < flags.length; i++) if (flags[i] !== CLEAN) flags[i] = CHANGED;
}
