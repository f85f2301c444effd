const CLEAN = 0;
const DIRTY = 1;
const IN_FLIGHT = 2;
const IN_FLIGHT_AND_DIRTY = 3;

/**
 * Which `state` topics are to be published. One value of each is on its way at most: what changes faster than the
 * broker acknowledges is sent as it is then, not as it was in between.
 */
export class StateFlags {
	/** Takes fewer slots of memory than a typed array. */
	private readonly flags: number[];

	constructor(count: number) {
		this.flags = new Array<number>(count).fill(CLEAN);
	}

	/** The first state that is to be sent, or -1. */
	next(): number {
		return this.flags.indexOf(DIRTY);
	}

	changed(index: number): void {
		this.flags[index] = (this.flags[index] as number) >= IN_FLIGHT ? IN_FLIGHT_AND_DIRTY : DIRTY;
	}

	allChanged(): void {
		for (let i = 0; i < this.flags.length; i++) this.changed(i);
	}

	sent(index: number): void {
		this.flags[index] = IN_FLIGHT;
	}

	acknowledged(index: number): void {
		this.flags[index] = this.flags[index] === IN_FLIGHT_AND_DIRTY ? DIRTY : CLEAN;
	}

	/** The connection is gone, and with it what was on its way. */
	lost(): void {
		for (let i = 0; i < this.flags.length; i++) if (this.flags[i] !== CLEAN) this.flags[i] = DIRTY;
	}
}
