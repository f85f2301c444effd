/** What a push button did: a short press (told when it ends), a hold (told while it lasts), or the end of a hold. */
export type PressEvent = "press" | "hold" | "release";

type PressState = "up" | "closing" | "down" | "opening" | "held" | "leaving";

/** How long a contact must rest to count, and how long a press lasts before it is a hold, if it is ever one; milliseconds. */
export interface PressTiming {
	readonly debounceMs: number;
	readonly holdMs?: number | undefined;
}

/**
 * Turns the edges of a contact that bounces into presses and holds. A level counts once it has lasted `debounceMs`;
 * a hold is told once, `holdMs` after the press began. Nothing here waits: the owner calls `input` for every edge and
 * `run` when `dueMs` has come. Without a `holdMs` only `active` is of interest: a debounced contact.
 *
 *     up -> closing -> down -> opening -> up ("press")
 *                        \-> held ("hold") -> leaving -> up ("release")
 */
export class PressMachine {
	/** When `run` has something to do, on the clock of `nowMs`; Infinity when only another edge can change anything. */
	dueMs = Number.POSITIVE_INFINITY;
	private readonly timing: PressTiming;
	private state: PressState;
	private edgeMs = 0;
	private pressedMs = 0;

	/** A contact that is `active` from the start was not pressed by anybody: it counts as held, and tells no hold. */
	constructor(timing: PressTiming, active = false) {
		this.timing = timing;
		this.state = active ? "held" : "up";
	}

	/** The debounced meaning of the contact. */
	get active(): boolean {
		return this.state !== "up" && this.state !== "closing";
	}

	/** The contact may have changed at `nowMs` and now reads `active`. Call at every edge, not for polling. */
	input(active: boolean, nowMs: number): PressEvent | undefined {
		const event = this.run(nowMs); // what was due before this edge comes first
		this.edge(active, nowMs);
		return event ?? this.run(nowMs);
	}

	/** Does what is due at `nowMs`; call again while `dueMs` has passed. */
	run(nowMs: number): PressEvent | undefined {
		let event: PressEvent | undefined;
		while (event === undefined && nowMs >= this.dueMs) event = this.settle();
		return event;
	}

	private edge(active: boolean, nowMs: number): void {
		// An edge without a new level means that two came together: a bounce, so the waiting begins again.
		this.edgeMs = nowMs;
		const { state } = this;
		if (state === "up" || state === "closing") this.enter(active ? "closing" : "up");
		else if (state === "down" || state === "opening") this.enter(active ? "down" : "opening");
		else this.enter(active ? "held" : "leaving");
	}

	private settle(): PressEvent | undefined {
		switch (this.state) {
			case "closing":
				this.pressedMs = this.edgeMs;
				this.enter("down");
				return undefined;
			case "down":
				this.enter("held");
				return "hold";
			case "opening":
				this.enter("up");
				return "press";
			case "leaving":
				this.enter("up");
				return "release";
			default:
				this.enter(this.state); // nothing was due
				return undefined;
		}
	}

	private enter(state: PressState): void {
		this.state = state;
		if (state === "down") this.dueMs = this.pressedMs + (this.timing.holdMs ?? Number.POSITIVE_INFINITY);
		else if (state === "up" || state === "held") this.dueMs = Number.POSITIVE_INFINITY;
		else this.dueMs = this.edgeMs + this.timing.debounceMs;
	}
}
