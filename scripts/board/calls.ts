import type { Entry } from "../../firmware/ports/guard.js";
import { Calls } from "../../host-tests/virtual/calls.js";

/** The one way from this board into the firmware; silent once the board is switched off. */
export class PcCalls extends Calls {
	readonly #onSettled: () => void;
	#off = false;

	constructor(onSettled: () => void) {
		super();
		this.#onSettled = onSettled;
	}

	override attach(entry: Entry): void {
		super.attach({
			settle: () => {
				entry.settle();
				this.#onSettled();
			},
			panic: (where, error) => entry.panic(where, error),
		});
	}

	/** After this nothing reaches the firmware any more. */
	switchOff(): void {
		this.#off = true;
		this.reset();
	}

	override call<T>(where: string, target: T, method: (this: T) => void): void;
	override call<T, A>(where: string, target: T, method: (this: T, a: A) => void, a: A): void;
	override call<T, A, B>(where: string, target: T, method: (this: T, a: A, b: B) => void, a: A, b: B): void;
	override call<T>(
		where: string,
		target: T,
		method: (this: T, a: unknown, b: unknown) => void,
		a?: unknown,
		b?: unknown,
	): void {
		if (!this.#off) super.call(where, target, method, a, b);
	}

	override run(where: string, run: () => void): void {
		if (!this.#off) super.run(where, run);
	}
}
