/*
 * Which retained topics are to be published: status, description and states. One value of each is on its way at most: what
 * changes faster than the broker acknowledges is sent as it is then, not as it was in between. A list of numbers and no
 * object: that takes the least memory.
 */

/** The broker did not take it; it may later. */
const REFUSED = -1;
const CLEAN = 0;
const CHANGED = 1;
const IN_FLIGHT = 2;
const IN_FLIGHT_AND_CHANGED = 3;

/** For so many topics, of which none is to be sent. */
export function stateFlags(count: number): number[] {
	return new Array<number>(count).fill(CLEAN);
}

/** The first one from `from` on that is to be sent, or -1. */
export function nextChanged(flags: readonly number[], from: number): number {
	return flags.indexOf(CHANGED, from);
}

/** Whether this one is to be sent. */
export function isChanged(flags: readonly number[], index: number): boolean {
	return flags[index] === CHANGED;
}

/** It has another value now. */
export function markChanged(flags: number[], index: number): void {
	flags[index] = (flags[index] as number) >= IN_FLIGHT ? IN_FLIGHT_AND_CHANGED : CHANGED;
}

/** Every one from `from` on is to be sent anew. */
export function markAllChanged(flags: number[], from: number): void {
	for (let i = from; i < flags.length; i++) markChanged(flags, i);
}

/** It is on its way. */
export function markSent(flags: number[], index: number): void {
	flags[index] = IN_FLIGHT;
}

/** The broker has what was sent, or refused it. */
export function markAcknowledged(flags: number[], index: number, refused: boolean): void {
	if (flags[index] === IN_FLIGHT_AND_CHANGED) flags[index] = CHANGED;
	else flags[index] = refused ? REFUSED : CLEAN;
}

/** What the broker refused is to be sent once more. */
export function retryRefused(flags: number[]): void {
	for (let i = flags.indexOf(REFUSED); i >= 0; i = flags.indexOf(REFUSED, i)) flags[i] = CHANGED;
}

/** The connection is gone, and with it what was on its way. */
export function markLost(flags: number[]): void {
	for (let i = 0; i < flags.length; i++) if (flags[i] !== CLEAN) flags[i] = CHANGED;
}
