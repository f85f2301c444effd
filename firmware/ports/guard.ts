/**
 * Where the platform enters the firmware: told after every callback, and of everything one throws.
 * The runtime's scheduler is the only implementation in the product.
 */
export interface Entry {
	/** Called at the end of every callback, so that what it changed takes effect and the next alarm is set. */
	settle(): void;
	/** Called with whatever a callback threw: a programmer error, to be counted and reported, never rethrown. */
	panic(where: string, error: unknown): void;
}

/**
 * Calls one method of ours on behalf of the platform. An exception that left a callback would restart the chip, so
 * every board calls every handler through here and nowhere else. Allocates nothing.
 */
export function guard<T, A, B>(
	entry: Entry,
	where: string,
	target: T,
	method: (this: T, a: A, b: B) => void,
	a: A,
	b: B,
): void {
	try {
		method.call(target, a, b);
	} catch (error) {
		report(entry, where, error);
	}
	try {
		entry.settle();
	} catch (error) {
		report(entry, where, error);
	}
}

function report(entry: Entry, where: string, error: unknown): void {
	try {
		entry.panic(where, error);
	} catch {
		// The report itself failed; there is nobody left to tell, and the device must go on.
	}
}
