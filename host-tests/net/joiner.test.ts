import { beforeEach, describe, expect, it } from "vitest";
import { Joiner } from "../../firmware/net/joiner.js";
import { Scheduler } from "../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../virtual/board.js";

const HOUR_MS = 3_600_000;

class Rig {
	readonly board = new VirtualBoard();
	readonly told: string[] = [];
	readonly joiner: Joiner;
	readonly scheduler: Scheduler;

	constructor() {
		const { board, told } = this;
		board.network.accessPoints = [
			{ name: "home", inReach: true },
			{ name: "phone", inReach: true },
			{ name: "guests", inReach: true },
		];
		this.scheduler = new Scheduler(board, { onPanic: (where, error) => told.push(`${where}: ${error}`) });
		this.joiner = new Joiner({
			board,
			onUp: () => told.push(`up on ${this.name}`),
			onDown: (reason) => told.push(`down: ${reason}`),
			onJoining: (stage) => told.push(`${stage} of ${this.name}`),
			onUnjoined: (stage, cause, reason) => told.push(`${stage} ${cause}: ${reason}`),
			onSwitch: () => told.push("switch"),
		});
		this.scheduler.add(this.joiner);
	}

	get name(): string {
		return this.board.network.choices[this.joiner.choice] as string;
	}

	point(index: number) {
		return this.board.network.accessPoints[index] as { inReach: boolean; refusal?: string; addressless?: boolean };
	}

	start(ms = 1_000): this {
		this.joiner.start();
		this.scheduler.settle();
		return this.advance(ms);
	}

	advance(ms: number): this {
		this.board.world.advance(ms);
		return this;
	}
}

let rig: Rig;
beforeEach(() => {
	rig = new Rig();
});

describe("several networks", () => {
	it("are joined in order of preference: the first when it is there", () => {
		expect(rig.start().told).toEqual(["network of home", "address of home", "up on home"]);
	});

	it("are tried one after the other, at once", () => {
		rig.point(0).inReach = false;
		rig.point(1).refusal = "phone refused the password";
		rig.start();
		expect(rig.told.at(-1)).toBe("up on guests");
	});

	it("are all named when none can be joined, and tried again for ever", () => {
		rig.point(0).inReach = false;
		rig.point(1).refusal = "phone refused the password";
		rig.point(2).refusal = "guests is full";
		rig.start();
		expect(rig.told.at(-1)).toBe(
			"network failed: no network home in reach; phone refused the password; guests is full",
		);
		rig.advance(24 * HOUR_MS);
		const rounds = rig.told.filter((line) => line.startsWith("network failed")).length;
		expect(rounds).toBeGreaterThan(24 * 60); // every half minute at the latest
		rig.point(0).inReach = true;
		rig.advance(40_000);
		expect(rig.told.at(-1)).toBe("up on home");
	});

	it("are given up when they give no address, or nothing at all is heard of them", () => {
		rig.point(0).addressless = true;
		rig.start(21_000);
		expect(rig.told.at(-1)).toBe("up on phone");
		rig = new Rig();
		rig.board.network.join = () => undefined;
		rig.board.network.start = () => undefined;
		rig.start(200_000);
		expect(rig.told.find((line) => line.includes("timeout"))).toBe(
			"network timeout: home could not be joined within 30 s; phone could not be joined within 30 s; " +
				"guests could not be joined within 30 s",
		);
	});

	it("begin with the first again when the present one is lost", () => {
		rig.point(0).inReach = false;
		rig.start();
		rig.point(0).inReach = true;
		rig.board.network.lose("phone is gone");
		expect(rig.told.at(-1)).toBe("down: phone is gone");
		rig.advance(3_000);
		expect(rig.told.slice(-3)).toEqual(["network of home", "address of home", "up on home"]);
	});
});

describe("on another than the preferred network", () => {
	beforeEach(() => {
		rig.point(0).inReach = false;
		rig.start();
		expect(rig.told.at(-1)).toBe("up on phone");
		rig.told.length = 0;
	});

	it("stays there while the preferred one is not in reach, without a break", () => {
		rig.advance(24 * HOUR_MS);
		expect(rig.told).toEqual([]);
	});

	it("changes over within 20 minutes once it is back", () => {
		rig.point(0).inReach = true;
		rig.advance(20 * 60_000 + 1_000);
		expect(rig.told).toEqual(["switch", "network of home", "address of home", "up on home"]);
		rig.told.length = 0;
		rig.advance(24 * HOUR_MS);
		expect(rig.told).toEqual([]);
	});

	it("tries one that is there and lets nobody in more and more rarely, up to once a day or two", () => {
		rig.point(0).inReach = true;
		rig.point(0).refusal = "home refused the password";
		rig.advance(10 * 24 * HOUR_MS);
		const switches = rig.told.filter((line) => line === "switch").length;
		expect(switches).toBeGreaterThanOrEqual(8);
		expect(switches).toBeLessThanOrEqual(17);
		expect(rig.told.at(-1)).toBe("up on phone");
	});

	it("stays when the board cannot look, or never says what it saw", () => {
		rig.board.network.look = () => {
			throw new Error("busy");
		};
		rig.advance(HOUR_MS);
		rig.board.network.look = () => undefined;
		rig.advance(HOUR_MS);
		expect(rig.told).toEqual([]);
	});
});

describe("one network", () => {
	it("is joined again whenever it is lost", () => {
		rig.board.network.accessPoints = [];
		rig.start();
		for (let day = 0; day < 10; day++) {
			rig.board.network.cut();
			rig.advance(HOUR_MS);
			rig.board.network.restore();
			rig.advance(HOUR_MS);
			expect(rig.told.at(-1)).toMatch(/^up/);
		}
	});

	it("is let be once it is stopped", () => {
		rig.start(100);
		rig.joiner.stop();
		rig.told.length = 0;
		rig.advance(HOUR_MS);
		expect([rig.told, rig.joiner.dueMs]).toEqual([[], Number.POSITIVE_INFINITY]);
	});
});
