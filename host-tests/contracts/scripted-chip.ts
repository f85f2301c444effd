import type { Clock } from "../../firmware/ports/clock.js";
import type { VirtualChip } from "../virtual/i2c.js";

/** One thing that happens between a driver and its chip. A `writeRead` is a `write` and a `read` without a wait. */
export type Step =
	| { readonly write: readonly number[] }
	| { readonly read: readonly number[] }
	/** The chip needs this long, in milliseconds; anything earlier is a mistake of the driver. */
	| { readonly waitMs: number };

/** Plays one exchange, to the letter: anything else, anything early and anything left out is an error. */
export class ScriptedChip implements VirtualChip {
	readonly model = "scripted";
	private readonly clock: Clock;
	private readonly steps: readonly Step[];
	private at = 0;
	private lastMs = 0;

	constructor(clock: Clock, steps: readonly Step[]) {
		this.clock = clock;
		this.steps = steps;
	}

	write(bytes: Uint8Array): void {
		const step = this.next();
		if (!("write" in step)) throw new Error(`step ${this.at}: wrote ${bytes.join()} where a read belongs`);
		const wanted = step.write.join();
		if (bytes.join() !== wanted) throw new Error(`step ${this.at}: wrote ${bytes.join()} instead of ${wanted}`);
	}

	read(into: Uint8Array): void {
		const step = this.next();
		if (!("read" in step)) throw new Error(`step ${this.at}: read where a write belongs`);
		if (into.length !== step.read.length) {
			throw new Error(`step ${this.at}: read ${into.length} bytes instead of ${step.read.length}`);
		}
		into.set(step.read);
	}

	/** How much of the script was not played. */
	get left(): number {
		return this.steps.length - this.at;
	}

	private next(): Exclude<Step, { waitMs: number }> {
		let step = this.steps[this.at++];
		if (step !== undefined && "waitMs" in step) {
			const waitedMs = this.clock.monotonicMs() - this.lastMs;
			if (waitedMs < step.waitMs) throw new Error(`step ${this.at}: after ${waitedMs} ms instead of ${step.waitMs}`);
			step = this.steps[this.at++];
		}
		if (step === undefined || "waitMs" in step) throw new Error("the script is over");
		this.lastMs = this.clock.monotonicMs();
		return step;
	}
}
