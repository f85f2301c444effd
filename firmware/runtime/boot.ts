import { reasonOf } from "../model/fault.js";
import { randomFraction } from "../net/backoff.js";
import type { Board } from "../ports/board.js";

const BOOT = "boot";
const CLOSED = "closed";
const CUTS = "cuts";

/** What a start of the device knows of itself and of those before it. */
export interface Start {
	/** Its number, from 1. */
	readonly boot: number;
	/** Starts before this one that ended without a chance to save what was only in memory: power cuts and crashes. */
	readonly cuts: number;
}

/**
 * Counts this start of the device. When the flash cannot tell or keep its number, it is drawn at random from a range that
 * counting never reaches, so that (device, boot, seq) stays unique.
 */
export function countBoot(board: Board, log: (line: string) => void): Start {
	try {
		const previous = board.store.get(BOOT);
		const boot = next(board, previous);
		const cuts = countCuts(board, previous);
		board.store.set(BOOT, String(boot));
		return { boot, cuts };
	} catch (error) {
		log(`the boot counter could not be stored: ${reasonOf(error)}`);
		return { boot: drawn(board), cuts: 0 };
	}
}

/** This start ends as it should, with nothing in memory that is not also in flash. Throws when flash fails. */
export function closeBoot(board: Board, boot: number): void {
	board.store.set(CLOSED, String(boot));
}

function next(board: Board, previous: string | undefined): number {
	if (previous === undefined) return 1;
	const boot = Number(previous);
	return Number.isSafeInteger(boot) && boot > 0 ? boot + 1 : drawn(board); // from 1 again it would not be unique
}

function countCuts(board: Board, previous: string | undefined): number {
	const counted = Number(board.store.get(CUTS) ?? 0) || 0;
	if (previous === undefined || board.store.get(CLOSED) === previous) return counted;
	board.store.set(CUTS, String(counted + 1));
	return counted + 1;
}

function drawn(board: Board): number {
	return 2 ** 40 + Math.floor(randomFraction(board) * 2 ** 24);
}
