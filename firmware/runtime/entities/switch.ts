import type { SwitchDefinition, SwitchOutput } from "../../model/actuators.js";
import type { Part } from "../../model/device.js";
import type { JsonValue } from "../../model/document.js";
import { type Context, type Entity, quote, refusal } from "./entity.js";

/** A switched output. Starts in its safe state, leaves it only for a stated reason, and not for longer than allowed. */
export class SwitchEntity implements Entity {
	private readonly context: Context;
	private readonly part: Part;
	private readonly output: SwitchOutput;
	private on: boolean;
	private limitMs = Number.POSITIVE_INFINITY;
	private linkLimitMs: number;

	constructor(context: Context, part: Part, definition: SwitchDefinition) {
		this.context = context;
		this.part = part;
		this.on = definition.safe;
		// At the start there is no broker either.
		this.linkLimitMs = context.board.clock.monotonicMs() + (definition.onLinkLost?.after ?? Number.POSITIVE_INFINITY);
		this.output = definition.open(context.board.hardware);
	}

	get dueMs(): number {
		return Math.min(this.limitMs, this.linkLimitMs);
	}

	get busy(): boolean {
		return this.on !== this.definition.safe;
	}

	stateText(): string {
		return this.on ? "ON" : "OFF";
	}

	check(value: JsonValue): string | undefined {
		const fine = value === "ON" || value === "OFF" || value === "TOGGLE" || typeof value === "boolean";
		return fine ? undefined : refusal("ON, OFF or TOGGLE");
	}

	set(value: JsonValue, why: string): void {
		this.write(value === "TOGGLE" ? !this.on : value === "ON" || value === true, why);
	}

	act(action: "on" | "off" | "toggle", why: string): void {
		this.write(action === "toggle" ? !this.on : action === "on", why);
	}

	onLink(online: boolean, nowMs: number): void {
		const policy = this.definition.onLinkLost;
		if (policy === undefined) return;
		if (online) this.linkLimitMs = Number.POSITIVE_INFINITY;
		else if (this.linkLimitMs === Number.POSITIVE_INFINITY) this.linkLimitMs = nowMs + policy.after;
	}

	run(nowMs: number): void {
		if (nowMs >= this.limitMs) this.write(this.definition.safe, "limit");
		if (nowMs >= this.linkLimitMs) {
			this.write(this.definition.onLinkLost?.go === "ON", "link lost");
			this.linkLimitMs = Number.POSITIVE_INFINITY;
		}
	}

	close(): void {
		try {
			this.output.write(this.definition.safe);
		} finally {
			this.output.close();
		}
	}

	private get definition(): SwitchDefinition {
		return this.part.definition as SwitchDefinition;
	}

	/**
	 * The limit counts from the moment the output leaves its safe state: saying ON again does not prolong it. It is set
	 * before the output moves, so that it holds also for an output that moved and failed.
	 */
	private write(on: boolean, why: string): void {
		const { safe, maxOnMs = Number.POSITIVE_INFINITY } = this.definition;
		if (on !== safe) this.limitMs = Math.min(this.limitMs, this.context.board.clock.monotonicMs() + maxOnMs);
		this.output.write(on);
		if (on === safe) this.limitMs = Number.POSITIVE_INFINITY;
		if (on === this.on) return;
		this.on = on;
		this.context.stateChanged(this.part.stateIndex);
		this.context.event(this.part.id, "changed", `,"to":"${on ? "ON" : "OFF"}","why":${quote(why)}`);
	}
}
