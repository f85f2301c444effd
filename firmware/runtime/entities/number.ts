import type { Part } from "../../model/device.js";
import type { JsonValue } from "../../model/document.js";
import { reasonOf } from "../../model/fault.js";
import { decimalsOfNumber, type NumberDefinition, onGrid } from "../../model/number.js";
import { formatNumber } from "../../model/quantity.js";
import { type Context, type Entity, quote, refusal } from "./entity.js";

const WRITE_MS = 60_000; // flash wears out: at most one write a minute, however often the value is set

/** A setting that survives a restart. */
export class NumberEntity implements Entity {
	dueMs = Number.POSITIVE_INFINITY;
	private readonly context: Context;
	private readonly part: Part;
	private value: number;
	private writableMs = 0;

	constructor(context: Context, part: Part, definition: NumberDefinition) {
		this.context = context;
		this.part = part;
		this.value = this.restored() ?? onGrid(definition, definition.initial);
	}

	stateText(): string {
		return formatNumber(this.value, decimalsOfNumber(this.definition));
	}

	check(value: JsonValue): string | undefined {
		const { min, max, unit } = this.definition;
		if (typeof value === "number" && value >= min && value <= max) return undefined;
		return refusal(`a number from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`);
	}

	set(value: JsonValue): void {
		const nearest = onGrid(this.definition, value as number);
		if (nearest === this.value) return;
		this.value = nearest;
		this.context.stateChanged(this.part.stateIndex);
		this.dueMs = this.writableMs;
	}

	/** Writes the value to flash; the next write has to wait, also when this one failed. */
	run(nowMs: number): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		this.writableMs = nowMs + WRITE_MS;
		try {
			this.write();
		} catch (error) {
			this.dueMs = this.writableMs;
			const reason = `the value could not be stored: ${reasonOf(error)}`;
			this.context.event(this.part.id, "fault", `,"reason":${quote(reason)}`);
		}
	}

	close(): void {
		if (this.dueMs === Number.POSITIVE_INFINITY) return;
		this.dueMs = Number.POSITIVE_INFINITY;
		this.write();
	}

	private get definition(): NumberDefinition {
		return this.part.definition as NumberDefinition;
	}

	/** A value that is there already, set and set back within a minute, costs no write. */
	private write(): void {
		const { store } = this.context.board;
		const key = storeKeyOf(this.part.id);
		if (store.get(key) !== this.stateText()) store.set(key, this.stateText());
	}

	private restored(): number | undefined {
		try {
			const text = this.context.board.store.get(storeKeyOf(this.part.id));
			const value = text === undefined || text === "" ? Number.NaN : Number(text);
			const fits = value >= this.definition.min && value <= this.definition.max;
			return fits ? onGrid(this.definition, value) : undefined;
		} catch {
			return undefined; // an unreadable flash must not take the setting away
		}
	}
}

/** A store key has 15 characters at most and an id 32: the key is a hash of the id (FNV-1a, 32 bit). */
export function storeKeyOf(id: string): string {
	let hash = 0x811c9dc5;
	for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
	return `n-${(hash >>> 0).toString(36)}`;
}
