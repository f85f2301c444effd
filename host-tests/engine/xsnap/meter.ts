type Method = (...args: unknown[]) => unknown;

type Side = "inside" | "outside";

const COPIES_MAX = 32;

/** What XS here has for counting: returns what was spent since the last call. */
interface Metered {
	readonly resetMeter: (limit: number, count: number) => number;
}

/**
 * Tells what the firmware itself costs from what the virtual board and broker around it cost. Everything that the
 * firmware is given is replaced by a copy whose methods stop the firmware's count, and everything that it hands over by
 * one whose methods start it again.
 */
export class Meter {
	/** Spent in the firmware and in everything else. */
	inside = 0;
	outside = 0;
	private readonly copies = new Map<object, object>();

	/** `board` as the firmware is to see it. */
	around<T extends object>(board: T): T {
		return this.copy(board, "outside") as T;
	}

	/** Ends the count of whatever ran until now. */
	settle(where: Side): void {
		this[where] += (globalThis as unknown as Metered).resetMeter(0, 0);
	}

	/** A copy of an object whose methods run on this `side`. Data passes as it is. */
	private wrap(value: unknown, side: Side): unknown {
		if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || Array.isArray(value)) return value;
		const known = this.copies.get(value);
		if (known !== undefined) return known;
		return membersOf(value).some(({ method }) => method) ? this.copy(value, side) : value;
	}

	private copy(target: object, side: Side): object {
		const copy: object = {};
		for (const { name, method } of membersOf(target)) {
			if (method !== undefined) Object.defineProperty(copy, name, { value: this.method(target, method, side) });
			else Object.defineProperty(copy, name, { get: this.method(target, () => Reflect.get(target, name), side) });
		}
		// What lives as long as the board comes first; streams and their handlers come and go.
		if (this.copies.size < COPIES_MAX) this.copies.set(target, copy);
		return copy;
	}

	private method(target: object, method: Method, side: Side): Method {
		const other = side === "inside" ? "outside" : "inside";
		return (...args) => {
			this.settle(other);
			try {
				return this.wrap(
					method.apply(
						target,
						args.map((arg) => this.wrap(arg, other)),
					),
					side,
				);
			} finally {
				this.settle(side);
			}
		};
	}
}

interface Member {
	readonly name: string;
	readonly method: Method | undefined;
}

/** Methods and fields, inherited ones included. No getter is called, for the object may still be in the making. */
function membersOf(target: object): Member[] {
	const members = new Map<string, Member>();
	for (let at: object = target; at !== Object.prototype && at !== null; at = Object.getPrototypeOf(at)) {
		for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
			if (name === "constructor" || members.has(name)) continue;
			members.set(name, { name, method: typeof value === "function" ? (value as Method) : undefined });
		}
	}
	return [...members.values()];
}
