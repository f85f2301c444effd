import { reasonOf } from "../model/fault.js";
import { randomFraction } from "../net/backoff.js";
import type { Board } from "../ports/board.js";

const KEY = "boot";

/**
 * Counts this start of the device and returns its number, from 1. When the flash cannot tell or keep the number, it is
 * drawn at random from a range that counting never reaches, so that (device, boot, seq) stays unique.
 */
export function countBoot(board: Board, log: (line: string) => void): number {
	try {
		const boot = next(board);
		board.store.set(KEY, String(boot));
		return boot;
	} catch (error) {
		log(`the boot counter could not be stored: ${reasonOf(error)}`);
		return drawn(board);
	}
}

function next(board: Board): number {
	const stored = board.store.get(KEY);
	if (stored === undefined) return 1;
	const boot = Number(stored);
	return Number.isSafeInteger(boot) && boot > 0 ? boot + 1 : drawn(board); // from 1 again it would not be unique
}

function drawn(board: Board): number {
	return 2 ** 40 + Math.floor(randomFraction(board) * 2 ** 24);
}
