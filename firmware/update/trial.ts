import type { UpdateHost } from "../model/updates.js";

/** What new firmware has to show before it may stay. */
export interface HealthContract {
	/** Free memory that is always to be left, bytes. */
	readonly heapFloor: number;
	/** How long all of it has to hold, milliseconds. */
	readonly steadyMs: number;
	/** When the firmware is given up that has not shown it by then, milliseconds from its start. */
	readonly withinMs: number;
}

/** Of parts that did not answer before either: whichever they are. */
export const ANY_PART = "*";

/** How new firmware does: the sensors answer, the broker acknowledges, memory is left, and all of that for a time. */
export class Trial {
	/** What is wrong at this moment, in plain words, or undefined. */
	fault: string | undefined = "it has only begun";
	private readonly host: UpdateHost;
	private readonly contract: HealthContract;
	private readonly excused: readonly string[];
	private acknowledged = false;
	private goodSinceMs: number;
	private readonly endMs: number;

	/** @param excused names of parts that need not answer: they did not before either. */
	constructor(host: UpdateHost, contract: HealthContract, excused: readonly string[], nowMs: number) {
		this.host = host;
		this.contract = contract;
		this.excused = excused;
		this.goodSinceMs = nowMs;
		this.endMs = nowMs + contract.withinMs;
	}

	/** Looks at everything. */
	judge(nowMs: number): "passed" | "failed" | "open" {
		// The report of this trial was the first thing to be sent.
		if (this.host.online && this.host.waiting === 0) this.acknowledged = true;
		this.fault = this.findFault();
		if (this.fault === undefined) return nowMs - this.goodSinceMs >= this.contract.steadyMs ? "passed" : "open";
		this.goodSinceMs = nowMs;
		return nowMs >= this.endMs ? "failed" : "open";
	}

	private findFault(): string | undefined {
		const { host, contract } = this;
		if (!host.online) return "the broker is out of reach";
		if (!this.acknowledged) return "the broker has acknowledged no message";
		const silent = host.stale().find((name) => !this.excused.includes(name) && !this.excused.includes(ANY_PART));
		if (silent !== undefined) return `${silent} does not answer`;
		const free = host.board.freeBytes() ?? Number.POSITIVE_INFINITY;
		return free < contract.heapFloor ? `only ${free} bytes of memory are free` : undefined;
	}
}
