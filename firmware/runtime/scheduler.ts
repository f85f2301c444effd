import type { Board } from "../ports/board.js";
import type { Alarm, AlarmHandler } from "../ports/clock.js";
import type { Entry } from "../ports/guard.js";

/** Something with a next moment of its own. */
export interface Task {
	/** Monotonic time in milliseconds at which `run` is to be called; Infinity for never. */
	readonly dueMs: number;
	/** Does what is due. May throw: the scheduler reports it and calls again a second later, due or not. */
	run(nowMs: number): void;
}

/** Is told of everything that was thrown where nothing may be thrown. */
export interface PanicHandler {
	onPanic(where: string, error: unknown): void;
}

const ROUNDS_MAX = 64; // tasks that keep making each other due must not hold the loop
const PUT_OFF_MS = 1_000; // after a throw, so that a broken task cannot spin
const NONE = 0;

/**
 * The loop of the device: runs whatever is due and sets one alarm for the next moment. Every callback of the platform
 * ends here, so that what it changed takes effect at once.
 */
export class Scheduler implements Entry, AlarmHandler {
	private readonly board: Board;
	private readonly tasks: Task[] = [];
	/** Per task: when to call it again after a throw; NONE while its own `dueMs` counts. Only there once one threw. */
	private againMs: number[] | undefined = undefined;
	private readonly alarm: Alarm;
	private readonly handler: PanicHandler;
	private running = false;

	constructor(board: Board, handler: PanicHandler) {
		this.board = board;
		this.handler = handler;
		board.attach(this);
		this.alarm = board.alarm(this);
	}

	add(task: Task): void {
		this.tasks.push(task);
		this.againMs?.push(NONE);
	}

	/** Forgets every task; nothing is due any more. */
	stop(): void {
		this.tasks.length = 0;
		this.againMs = undefined;
		this.alarm.disarm();
	}

	onAlarm(): void {
		// `settle` follows every callback and does the work.
	}

	/** The report of a mistake must not become one. */
	panic(where: string, error: unknown): void {
		try {
			this.handler.onPanic(where, error);
		} catch {
			// There is nobody left to tell.
		}
	}

	settle(): void {
		if (this.running) return;
		this.running = true;
		try {
			this.runAll();
		} catch (error) {
			this.panic("the loop", error);
			this.alarm.arm(PUT_OFF_MS); // a device without an alarm would sleep for ever
		} finally {
			this.running = false;
		}
	}

	private runAll(): void {
		let nowMs = this.board.clock.monotonicMs();
		let nextMs = this.round(nowMs);
		for (let rounds = 1; nextMs <= nowMs && rounds < ROUNDS_MAX; rounds++) {
			nowMs = this.board.clock.monotonicMs();
			nextMs = this.round(nowMs);
		}
		if (nextMs === Number.POSITIVE_INFINITY) this.alarm.disarm();
		else this.alarm.arm(Math.max(1, nextMs - nowMs)); // 1: what is still due lets the platform have its turn
	}

	/** Runs every task that is due; returns when the next one is. */
	private round(nowMs: number): number {
		for (let i = 0; i < this.tasks.length; i++) if (this.dueMs(i) <= nowMs) this.runTask(i, nowMs);
		let nextMs = Number.POSITIVE_INFINITY;
		for (let i = 0; i < this.tasks.length; i++) {
			const dueMs = this.dueMs(i);
			if (dueMs < nextMs) nextMs = dueMs; // false for NaN: one task's mistake must not stop the others
		}
		return nextMs;
	}

	private dueMs(index: number): number {
		const againMs = this.againMs?.[index] ?? NONE;
		return againMs === NONE ? (this.tasks[index] as Task).dueMs : againMs;
	}

	private runTask(index: number, nowMs: number): void {
		if (this.againMs !== undefined) this.againMs[index] = NONE;
		try {
			(this.tasks[index] as Task).run(nowMs);
		} catch (error) {
			if (index < this.tasks.length) {
				this.againMs ??= this.tasks.map(() => NONE);
				this.againMs[index] = nowMs + PUT_OFF_MS;
			}
			this.panic("a task", error);
		}
	}
}
