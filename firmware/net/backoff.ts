import type { Board } from "../ports/board.js";

const FIRST_MS = 2_000;
const FLOOR_MS = 1_000;
/** Longest wait between two attempts, milliseconds. */
export const CEILING_MS = 120_000;

/**
 * Full jitter: the wait before attempt `attempt` (0 is the first retry) is uniform between one second and a limit that
 * doubles up to `ceilingMs`, so that a fleet whose broker restarts does not come back all at once.
 * `random` is in [0, 1). Returns milliseconds.
 */
export function backoffMs(attempt: number, random: number, ceilingMs = CEILING_MS): number {
	const limitMs = Math.min(ceilingMs, FIRST_MS * 2 ** Math.min(attempt, 16));
	return FLOOR_MS + Math.floor(random * (limitMs - FLOOR_MS));
}

/** The wait where asking often helps nobody: uniform over the upper half of the longest wait, milliseconds. */
export function patientMs(random: number): number {
	return CEILING_MS / 2 + Math.floor((random * CEILING_MS) / 2);
}

/** A random number in [0, 1); something fixed where the board has none at the moment. */
export function randomFraction(board: Board): number {
	const bytes = new Uint8Array(3);
	try {
		board.random(bytes);
	} catch {
		return 0.5;
	}
	return ((bytes[0] as number) * 65_536 + (bytes[1] as number) * 256 + (bytes[2] as number)) / 2 ** 24;
}
