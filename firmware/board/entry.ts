import { type Entry, guard } from "../ports/guard.js";

/** Until the runtime is attached nobody is told; nothing of ours runs before. */
let attached: Entry = { settle: () => undefined, panic: () => undefined };

/** Names the place through which every callback of the platform passes from now on. */
export function attach(entry: Entry): void {
	attached = entry;
}

/** The place that callbacks pass through at this moment, for hardware that is not the platform's. */
export function currentEntry(): Entry {
	return attached;
}

/** Calls one method of ours on behalf of the platform: every function that this folder hands to the SDK does so here. */
export function enter<T, A, B>(where: string, target: T, method: (this: T, a: A, b: B) => void, a: A, b: B): void {
	guard(attached, where, target, method, a, b);
}
