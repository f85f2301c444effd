import { type Entry, guard } from "../../firmware/ports/guard.js";

/**
 * The one way from a board into the firmware. What was asked for before a restart never arrives after it: keep
 * `generation` with the request and compare.
 */
export class Calls {
	/** Counts the starts of the board. */
	generation = 1;
	private attached: Entry | undefined;

	/** Where every callback ends. Throws while nobody is attached: the firmware opened something too early. */
	get entry(): Entry {
		if (this.attached === undefined) throw new Error("nobody is attached to the board");
		return this.attached;
	}

	attach(entry: Entry): void {
		if (this.attached !== undefined) throw new Error("the board has an entry already");
		this.attached = entry;
	}

	/** Nothing reaches the firmware of before any more. */
	reset(): void {
		this.attached = undefined;
		this.generation++;
	}

	call<T>(where: string, target: T, method: (this: T) => void): void;
	call<T, A>(where: string, target: T, method: (this: T, a: A) => void, a: A): void;
	call<T, A, B>(where: string, target: T, method: (this: T, a: A, b: B) => void, a: A, b: B): void;
	call<T>(where: string, target: T, method: (this: T, a: unknown, b: unknown) => void, a?: unknown, b?: unknown): void {
		guard(this.entry, where, target, method, a, b);
	}

	/** For the one callback with more arguments than two: what `call` does, around a function. */
	run(where: string, run: () => void): void {
		guard(this.entry, where, undefined, run, undefined, undefined);
	}
}
