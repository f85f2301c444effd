import type { Alarm, AlarmHandler, Clock } from "../../firmware/ports/clock.js";
import type { Calls } from "./calls.js";
import type { Event, World } from "./world.js";

/** A board's clocks. The date is unknown until told; the crystal may run wrong, as crystals do. */
export class VirtualClock implements Clock {
	/** How much faster this board's clock runs than the world, parts per million. */
	readonly driftPpm: number;
	private readonly world: World;
	private bootMs: number;
	private offsetMs: number | undefined;

	constructor(world: World, driftPpm = 0) {
		this.world = world;
		this.driftPpm = driftPpm;
		this.bootMs = world.nowMs;
	}

	monotonicMs(): number {
		return Math.floor(this.sinceMs(this.world.nowMs - this.bootMs));
	}

	wallMs(): number | undefined {
		return this.offsetMs === undefined ? undefined : this.monotonicMs() + this.offsetMs;
	}

	setWallMs(epochMs: number): void {
		if (!Number.isFinite(epochMs)) throw new Error(`${epochMs} is no date`);
		this.offsetMs = Math.round(epochMs) - this.monotonicMs();
	}

	/** What somebody outside does to the date: it jumps. Nothing while it is unknown. */
	step(ms: number): void {
		if (this.offsetMs !== undefined) this.offsetMs += ms;
	}

	/** The board starts again: the monotonic clock at 0, the date unknown. */
	reset(): void {
		this.bootMs = this.world.nowMs;
		this.offsetMs = undefined;
	}

	/** World time that passes while this clock counts `ms`; a little more rather than less where it does not divide. */
	worldMs(ms: number): number {
		const worldMs = ms / (1 + this.driftPpm / 1e6);
		return Number.isInteger(this.world.nowMs + worldMs) ? worldMs : worldMs + 1e-6;
	}

	private sinceMs(worldMs: number): number {
		return worldMs * (1 + this.driftPpm / 1e6);
	}
}

/** One timer of a board, never early on the board's own clock. */
export class VirtualAlarm implements Alarm {
	private readonly world: World;
	private readonly clock: VirtualClock;
	private readonly calls: Calls;
	private readonly handler: AlarmHandler;
	private event: Event | undefined;

	constructor(world: World, clock: VirtualClock, calls: Calls, handler: AlarmHandler) {
		this.world = world;
		this.clock = clock;
		this.calls = calls;
		this.handler = handler;
	}

	arm(delayMs: number): void {
		if (!(delayMs >= 0 && delayMs < Number.POSITIVE_INFINITY)) throw new Error(`${delayMs} is no delay`);
		this.disarm();
		const generation = this.calls.generation;
		this.event = this.world.after(this.clock.worldMs(delayMs), () => {
			this.event = undefined;
			if (this.calls.generation === generation) this.calls.call("alarm", this.handler, this.handler.onAlarm);
		});
	}

	disarm(): void {
		this.event?.cancel();
		this.event = undefined;
	}
}
