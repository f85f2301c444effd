import { beforeEach, describe, expect, it } from "vitest";
import { Scheduler, type Task } from "../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../virtual/board.js";

class FakeTask implements Task {
	dueMs: number;
	readonly runs: number[] = [];
	private readonly does: (task: FakeTask, nowMs: number) => void;

	constructor(dueMs: number, does: (task: FakeTask, nowMs: number) => void = () => undefined) {
		this.dueMs = dueMs;
		this.does = does;
	}

	run(nowMs: number): void {
		this.runs.push(nowMs);
		this.dueMs = Number.POSITIVE_INFINITY;
		this.does(this, nowMs);
	}
}

let board: VirtualBoard;
let scheduler: Scheduler;
let panics: string[];
beforeEach(() => {
	board = new VirtualBoard();
	panics = [];
	scheduler = new Scheduler(board, { onPanic: (where, error) => panics.push(`${where}: ${error}`) });
});

function add(dueMs: number, does?: (task: FakeTask, nowMs: number) => void): FakeTask {
	const task = new FakeTask(dueMs, does);
	scheduler.add(task);
	return task;
}

describe("the scheduler", () => {
	it("runs each task when it is due, in the order in which they were added", () => {
		const order: string[] = [];
		const late = add(200, () => order.push("late"));
		add(100, () => order.push("a"));
		add(100, () => order.push("b"));
		const never = add(Number.POSITIVE_INFINITY);
		scheduler.settle();
		board.world.advance(1_000);
		expect(order).toEqual(["a", "b", "late"]);
		expect([late.runs, never.runs]).toEqual([[200], []]);
	});

	it("runs again at once what a task made due, also one that comes before it", () => {
		const first = add(Number.POSITIVE_INFINITY);
		add(0, () => {
			first.dueMs = 0;
		});
		scheduler.settle();
		expect(first.runs).toEqual([0]);
	});

	it("takes a call from inside a task for nothing", () => {
		const task = add(0, () => scheduler.settle());
		scheduler.settle();
		expect(task.runs).toEqual([0]);
	});

	it("lets go of the loop when tasks keep making themselves due, and goes on", () => {
		const greedy = add(0, (task) => {
			task.dueMs = 0;
		});
		const modest = add(50);
		scheduler.settle();
		expect(greedy.runs.length).toBeLessThan(100);
		board.world.advance(100);
		expect(modest.runs).toHaveLength(1);
	});

	it("is stopped for good", () => {
		const task = add(10);
		scheduler.settle();
		scheduler.stop();
		board.world.advance(1_000);
		scheduler.settle();
		expect(task.runs).toEqual([]);
	});

	it("may be stopped from inside a task", () => {
		add(0, () => {
			scheduler.stop();
			throw new Error("after the end");
		});
		const later = add(0);
		scheduler.settle();
		board.world.advance(10_000);
		expect(later.runs).toEqual([]);
		expect(panics).toEqual(["a task: Error: after the end"]);
	});
});

describe("a task that throws", () => {
	it("is reported, called again a second later although it is not due, and holds nobody up", () => {
		let failures = 3;
		const broken = add(0, () => {
			if (failures-- > 0) throw new Error("broken");
		});
		const other = add(0);
		scheduler.settle();
		expect([broken.runs, other.runs]).toEqual([[0], [0]]);
		board.world.advance(10_000);
		expect(broken.runs).toEqual([0, 1_000, 2_000, 3_000]);
		expect(panics).toHaveLength(3);
	});

	it("does not need to let its due time be set", () => {
		let runs = 0;
		scheduler.add({
			get dueMs() {
				return 0;
			},
			run() {
				runs++;
				throw new Error("broken");
			},
		});
		scheduler.settle();
		board.world.advance(5_000);
		expect(runs).toBe(6);
	});

	it("does not stop the others by a due time that is no number", () => {
		const lost = add(Number.NaN);
		const fine = add(100);
		scheduler.settle();
		board.world.advance(1_000);
		expect([lost.runs, fine.runs]).toEqual([[], [100]]);
	});
});

describe("whatever the platform throws", () => {
	it("is reported, and a report that fails does not matter", () => {
		scheduler.panic("pin", new Error("edge"));
		expect(panics).toEqual(["pin: Error: edge"]);
		const deaf = new Scheduler(new VirtualBoard(), {
			onPanic() {
				throw new Error("no memory");
			},
		});
		expect(() => deaf.panic("pin", new Error("edge"))).not.toThrow();
	});

	it("does not leave the device without an alarm: a clock that fails once", () => {
		const task = add(100);
		const { monotonicMs } = board.clock;
		let failures = 1;
		board.clock.monotonicMs = () => {
			if (failures-- > 0) throw new Error("clock");
			return monotonicMs.call(board.clock);
		};
		scheduler.settle();
		board.world.advance(2_000);
		expect(task.runs).toHaveLength(1);
		expect(panics).toEqual(["the loop: Error: clock"]);
	});

	it("does not leave the device without an alarm: a report that fails", () => {
		board = new VirtualBoard();
		scheduler = new Scheduler(board, {
			onPanic() {
				throw new Error("no memory");
			},
		});
		const broken = add(0, () => {
			throw new Error("broken");
		});
		scheduler.settle();
		board.world.advance(1_500);
		expect(broken.runs).toEqual([0, 1_000]);
	});
});
