import type { Board } from "../ports/board.js";
import type { Alarm, AlarmHandler } from "../ports/clock.js";
import type { Entry } from "../ports/guard.js";

/** Something with a next moment of its own. */
export interface Task {
	/** Monotonic time in milliseconds at which `run` is to be called; Infinity for never. */
	dueMs: number;
	/** Does what is due. May throw: the scheduler reports it and puts the task off. */
	run(nowMs: number): void;
}

/** Is told of everything that was thrown where nothing may be thrown. */
export interface PanicHandler {
	onPanic(where: string, error: unknown): void;
}

const ROUNDS_MAX = 64; // tasks that keep making each other due must not hold the loop
const PUT_OFF_MS = 1_000; // after a throw, so that a broken task cannot spin

/**
 * The loop of the device: runs whatever is due and sets one alarm for the next moment. Every callback of the platform
 * ends here, so that what it changed takes effect at once.
 */
export class Scheduler implements Entry, AlarmHandler {
	private readonly board: Board;
	private readonly tasks: Task[] = [];
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
	}

	/** Forgets every task; nothing is due any more. */
	stop(): void {
		this.tasks.length = 0;
		this.alarm.disarm();
	}

	onAlarm(): void {
		// `settle` follows every callback and does the work.
	}

	panic(where: string, error: unknown): void {
		this.handler.onPanic(where, error);
	}

	settle(): void {
		if (this.running) return;
		this.running = true;
		try {
			let nowMs = this.board.clock.monotonicMs();
			let nextMs = this.round(nowMs);
			for (let rounds = 1; nextMs <= nowMs && rounds < ROUNDS_MAX; rounds++) {
				nowMs = this.board.clock.monotonicMs();
				nextMs = this.round(nowMs);
			}
			if (nextMs === Number.POSITIVE_INFINITY) this.alarm.disarm();
			else this.alarm.arm(Math.max(0, nextMs - nowMs));
		} finally {
			this.running = false;
		}
	}

	/** Runs every task that is due; returns when the next one is. */
	private round(nowMs: number): number {
		for (let i = 0; i < this.tasks.length; i++) {
			const task = this.tasks[i] as Task;
			if (task.dueMs > nowMs) continue;
			try {
				task.run(nowMs);
			} catch (error) {
				task.dueMs = nowMs + PUT_OFF_MS;
				this.handler.onPanic("a task", error);
			}
		}
		let nextMs = Number.POSITIVE_INFINITY;
		for (let i = 0; i < this.tasks.length; i++) nextMs = Math.min(nextMs, (this.tasks[i] as Task).dueMs);
		return nextMs;
	}
}
