import type { Clock } from "../ports/clock.js";
import { Refused } from "./refused.js";

/**
 * So many in a row. Each takes 33.5 million instructions of a PC with the SDK's arithmetic: on a chip of 160 to 240 MHz that
 * comes to 0.2 to 0.5 s (worked out, not measured), in which it does nothing else.
 */
export const BURST = 8;
/** And from then on one in this time, which leaves the chip some 95 % of its own. */
export const AGAIN_MS = 10_000;

/**
 * How many signatures may be checked that may be good for nothing. Whoever can publish to a device can have it check
 * signatures; this is what bounds the time that it gives to them. What turns out to be good can be given back.
 */
export class SignatureBudget {
	private readonly clock: Pick<Clock, "monotonicMs">;
	private left = BURST;
	/** Up to when what time gives was counted. */
	private countedMs: number;

	constructor(clock: Pick<Clock, "monotonicMs">) {
		this.clock = clock;
		this.countedMs = clock.monotonicMs();
	}

	/** Called before a signature is checked. Throws `Refused` when it must not be, now. */
	spend(): void {
		const earned = Math.floor((this.clock.monotonicMs() - this.countedMs) / AGAIN_MS);
		this.left = Math.min(BURST, this.left + earned);
		this.countedMs += earned * AGAIN_MS;
		if (this.left === 0)
			throw new Refused(
				`too many signatures were good for nothing: the next is checked in ${AGAIN_MS / 1_000} s at the latest`,
			);
		this.left--;
	}

	/** The last one was good for something. */
	giveBack(): void {
		this.left = Math.min(BURST, this.left + 1);
	}
}
