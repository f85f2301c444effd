const RUNS_MAX = 100_000; // events at one instant; more means that something keeps making itself due

/** Something that will happen; cancelled, it will not. */
export interface Event {
	cancel(): void;
}

class Pending implements Event {
	readonly atMs: number;
	readonly order: number;
	run: (() => void) | undefined;

	constructor(atMs: number, order: number, run: () => void) {
		this.atMs = atMs;
		this.order = order;
		this.run = run;
	}

	cancel(): void {
		this.run = undefined;
	}
}

/**
 * The world around the virtual boards: one time that moves only when told, one true date, one source of chance.
 * The same seed and the same calls give the same history, event by event.
 */
export class World {
	/** Milliseconds since this world began. */
	nowMs = 0;
	/** The true date at the beginning, milliseconds since 1970. */
	readonly beginMs: number;
	private readonly queue: Pending[] = [];
	private order = 0;
	private chance: number;

	constructor(seed = 1, beginMs = 1_800_000_000_000) {
		this.chance = seed >>> 0;
		this.beginMs = beginMs;
	}

	/** The true date, which boards can only learn by asking. */
	get trueMs(): number {
		return this.beginMs + this.nowMs;
	}

	/** Calls `run` after `delayMs`; things due together happen in the order in which they were asked for. */
	after(delayMs: number, run: () => void): Event {
		const pending = new Pending(this.nowMs + Math.max(0, delayMs), this.order++, run);
		push(this.queue, pending);
		return pending;
	}

	/** Lets time pass, running everything that becomes due on the way, in order. */
	advance(ms: number): void {
		const endMs = this.nowMs + ms;
		let runs = 0;
		for (let next = this.next(); next !== undefined && next.atMs <= endMs; next = this.next()) {
			runs = next.atMs > this.nowMs ? 0 : runs + 1;
			if (runs > RUNS_MAX) throw new Error(`time stands still at ${this.nowMs} ms: something keeps making itself due`);
			this.nowMs = Math.max(this.nowMs, next.atMs);
			const { run } = pop(this.queue) as Pending;
			run?.();
		}
		this.nowMs = endMs;
	}

	/** Lets time pass until `done`, at most `limitMs`, in steps of `stepMs`. Returns whether it came to that. */
	until(done: () => boolean, limitMs = 60_000, stepMs = 1): boolean {
		for (let ms = 0; !done(); ms += stepMs) {
			if (ms >= limitMs) return false;
			this.advance(stepMs);
		}
		return true;
	}

	/** A number from 0 to below 1: Mulberry32, by Tommy Ettinger, public domain. */
	random(): number {
		this.chance = (this.chance + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.chance ^ (this.chance >>> 15), this.chance | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** The next event that was not cancelled. */
	private next(): Pending | undefined {
		while (this.queue[0] !== undefined && this.queue[0].run === undefined) pop(this.queue);
		return this.queue[0];
	}
}

function before(a: Pending, b: Pending): boolean {
	return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** A binary heap: the earliest event is always the first of the array. */
function push(heap: Pending[], pending: Pending): void {
	let at = heap.length;
	while (at > 0) {
		const parentAt = (at - 1) >> 1;
		const parent = heap[parentAt] as Pending;
		if (before(parent, pending)) break;
		heap[at] = parent;
		at = parentAt;
	}
	heap[at] = pending;
}

function pop(heap: Pending[]): Pending | undefined {
	const first = heap[0];
	const last = heap.pop();
	if (first === undefined || last === undefined || heap.length === 0) return first;
	let at = 0;
	for (let childAt = 1; childAt < heap.length; childAt = 2 * at + 1) {
		const right = heap[childAt + 1];
		if (right !== undefined && before(right, heap[childAt] as Pending)) childAt++;
		const child = heap[childAt] as Pending;
		if (before(last, child)) break;
		heap[at] = child;
		at = childAt;
	}
	heap[at] = last;
	return first;
}
