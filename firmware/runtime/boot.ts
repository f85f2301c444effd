import { reasonOf } from "../model/fault.js";
import type { Board } from "../ports/board.js";

const KEY = "boot";

/**
 * Counts this start of the device and returns its number, from 1. When the flash cannot be written the number is drawn
 * at random from a range that counting never reaches, so that (device, boot, seq) stays unique.
 */
export function countBoot(board: Board): number {
	try {
		const stored = Number(board.store.get(KEY) ?? "0");
		const boot = Number.isSafeInteger(stored) && stored >= 0 ? stored + 1 : 1;
		board.store.set(KEY, String(boot));
		return boot;
	} catch (error) {
		board.log(`the boot counter could not be stored: ${reasonOf(error)}`);
		const random = new Uint8Array(4);
		board.random(random);
		return 2 ** 40 + new DataView(random.buffer).getUint32(0);
	}
}
