import type { Board } from "../ports/board.js";

const FIRST_MS = 2_000;
const FLOOR_MS = 1_000;
/** Longest wait between two attempts, milliseconds. */
export const CEILING_MS = 120_000;

/**
 * Full jitter: the wait before attempt `attempt` (0 is the first retry) is uniform between one second and a ceiling
 * that doubles up to two minutes, so that a fleet whose broker restarts does not come back all at once.
 * `random` is in [0, 1). Returns milliseconds.
 */
export function backoffMs(attempt: number, random: number): number {
	const ceiling = Math.min(CEILING_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
	return FLOOR_MS + Math.floor(random * (ceiling - FLOOR_MS));
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
