import { type Entry, guard } from "../../firmware/ports/guard.js";

/** The one way from this board into the firmware; silent once the board is switched off. */
export class Calls {
	#entry: Entry | undefined;
	#off = false;

	attach(entry: Entry): void {
		if (this.#entry !== undefined) throw new Error("the board has an entry already");
		this.#entry = entry;
	}

	/** After this nothing reaches the firmware any more. */
	switchOff(): void {
		this.#off = true;
	}

	/** The entry for parts of the board that guard their own callbacks. */
	get entry(): Entry {
		return {
			settle: () => this.#entry?.settle(),
			panic: (where, error) => this.#entry?.panic(where, error),
		};
	}

	call<T>(where: string, target: T, method: (this: T) => void): void;
	call<T, A>(where: string, target: T, method: (this: T, a: A) => void, a: A): void;
	call<T, A, B>(where: string, target: T, method: (this: T, a: A, b: B) => void, a: A, b: B): void;
	call<T>(where: string, target: T, method: (this: T, a: unknown, b: unknown) => void, a?: unknown, b?: unknown): void {
		if (this.#off) return;
		if (this.#entry === undefined) throw new Error(`${where}: nobody is attached to the board`);
		guard(this.#entry, where, target, method, a, b);
	}
}
