import type { Part } from "../../model/device.js";
import { Fault, reasonOf } from "../../model/fault.js";
import { formatNumber } from "../../model/quantity.js";
import type { Measures, Probe, SensorDefinition } from "../../model/sensor.js";
import { type Context, type Entity, quote } from "./entity.js";

/** A sensor that failed is tried again at its own pace, within these bounds. */
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;
const CLOCK_STEP_MS = 1; // the clock counts whole milliseconds: this much may be missing from what it says has passed

/**
 * A sensor, measured on its own timer. `closed`: to be opened at the next due time. `idle`: open, waiting for the next
 * measurement. `measuring`: the chip is at work until the due time.
 */
export class SensorEntity implements Entity {
	dueMs = 0;
	/** It has never answered, or stopped answering. */
	stale = true;
	private state: "closed" | "idle" | "measuring" = "closed";
	private faultTold = false;
	private nextMs = 0;
	private probe: Probe<Measures> | undefined;
	private readonly context: Context;
	private readonly part: Part;
	/** The last values, as they were published; NaN before the first. So few take less memory than a typed array. */
	private readonly values: number[];

	constructor(context: Context, part: Part) {
		this.context = context;
		this.part = part;
		this.values = part.measureKeys.map(() => Number.NaN);
	}

	stateText(offset: number): string {
		const value = this.values[offset] as number;
		if (this.stale || Number.isNaN(value)) return "unavailable";
		return formatNumber(value, this.quantity(offset).decimals);
	}

	run(nowMs: number): void {
		try {
			this.step(nowMs);
		} catch (error) {
			this.fail(reasonOf(error), nowMs);
		}
	}

	close(): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		this.state = "closed";
		const probe = this.probe;
		this.probe = undefined;
		probe?.close();
	}

	private step(nowMs: number): void {
		if (this.state !== "measuring") {
			this.nextMs = followingMs(this.nextMs, this.definition.everyMs, nowMs);
			this.probe ??= this.definition.open(this.context.board.hardware, this.context.device.buses);
			const waitMs = this.probe.start();
			if (!(waitMs >= 0 && waitMs < Number.POSITIVE_INFINITY)) throw new Error(`it wants to wait ${waitMs} ms`);
			this.state = "measuring";
			if (waitMs > 0) {
				this.dueMs = this.context.board.clock.monotonicMs() + waitMs + CLOCK_STEP_MS;
				return;
			}
		}
		this.take((this.probe as Probe<Measures>).read());
		this.state = "idle";
		this.dueMs = this.nextMs;
	}

	/** Checks the whole reading before any of it counts. */
	private take(reading: Readonly<Record<string, number>>): void {
		const { part } = this;
		for (let i = 0; i < this.values.length; i++) checkValue(reading, part.measureKeys[i] as string, this.quantity(i));
		const wasStale = this.stale;
		this.stale = false;
		for (let i = 0; i < this.values.length; i++) {
			const value = reading[part.measureKeys[i] as string] as number;
			const scale = 10 ** this.quantity(i).decimals;
			const changed = Math.round(value * scale) !== Math.round((this.values[i] as number) * scale);
			this.values[i] = value;
			if (changed || wasStale) this.context.stateChanged(part.stateIndex + i);
		}
		this.context.sample(part.index, this.values);
		if (this.faultTold) this.context.event(part.id, "recovered", "");
		this.faultTold = false;
	}

	private fail(reason: string, nowMs: number): void {
		const { part } = this;
		try {
			this.close();
		} catch {
			// the probe is given up either way; what made it fail is the reason to report
		}
		this.dueMs = nowMs + Math.min(Math.max(this.definition.everyMs, RETRY_MS_MIN), RETRY_MS_MAX);
		if (!this.stale) for (let i = 0; i < this.values.length; i++) this.context.stateChanged(part.stateIndex + i);
		this.stale = true;
		if (!this.faultTold) this.context.event(part.id, "fault", `,"reason":${quote(reason)}`);
		this.faultTold = true;
	}

	private get definition(): SensorDefinition {
		return this.part.definition as SensorDefinition;
	}

	private quantity(offset: number) {
		const quantity = this.definition.measures[this.part.measureKeys[offset] as string];
		if (quantity === undefined) throw new Fault(this.part.key, `it measures nothing at ${offset}`);
		return quantity;
	}
}

/** The next moment on the grid of `everyMs` after `nowMs`; missed ones are skipped, never caught up. */
function followingMs(previousMs: number, everyMs: number, nowMs: number): number {
	if (previousMs > nowMs) return previousMs; // a repeated try before the next measurement
	const nextMs = previousMs + everyMs;
	return nextMs > nowMs ? nextMs : nowMs + everyMs;
}

function checkValue(
	reading: Readonly<Record<string, number>>,
	key: string,
	range: { readonly min: number; readonly max: number; readonly unit: string },
): void {
	const value = reading[key];
	if (typeof value === "number" && value >= range.min && value <= range.max) return;
	throw new Fault(key, `it read ${value} ${range.unit}`, `possible here is ${range.min} to ${range.max}`);
}
