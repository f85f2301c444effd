import type { Board } from "../../firmware/ports/board.js";

/** Which call to the board fails. */
export interface Mishap {
	/** Path of the port's method, like `hardware.pwm().write`. */
	readonly path: string;
	/** How many calls of it go well before. */
	readonly after: number;
	/** How many fail then; all unless given. */
	readonly times?: number;
}

/** What a board returns is a port of its own, but for plain data. */
function isPort(value: unknown): value is object {
	if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
	return Object.getPrototypeOf(value) !== Object.prototype && !Array.isArray(value);
}

/** A board of which every call is counted, by its path, and one of them fails as told. */
export class ThrowingBoard {
	/** Calls so far, by path. */
	readonly calls = new Map<string, number>();
	/** How many calls failed. */
	failed = 0;
	mishap: Mishap | undefined;

	/** The same board, seen through this. */
	readonly around = (board: Board): Board => this.wrap("", board);

	private wrap<T extends object>(path: string, port: T): T {
		return new Proxy(port, {
			get: (target, name) => {
				const value: unknown = Reflect.get(target, name, target);
				const at = path === "" ? String(name) : `${path}.${String(name)}`;
				if (typeof value !== "function") return isPort(value) ? this.wrap(at, value) : value;
				return (...given: unknown[]) => {
					this.count(at);
					const result: unknown = Reflect.apply(value, target, given);
					return isPort(result) ? this.wrap(`${at}()`, result) : result;
				};
			},
		});
	}

	private count(path: string): void {
		const before = this.calls.get(path) ?? 0;
		this.calls.set(path, before + 1);
		const { mishap } = this;
		if (mishap?.path !== path || before < mishap.after) return;
		if (before - mishap.after >= (mishap.times ?? Number.POSITIVE_INFINITY)) return;
		this.failed++;
		throw new Error(`planted in ${path}`);
	}
}
