import type { JsonValue } from "../../model/json.js";
import { decimalsOf, type NumberDefinition } from "../../model/number.js";
import { formatNumber } from "../../model/quantity.js";
import { type Context, type Entity, type Place, refusal } from "./entity.js";

const WRITE_MS = 60_000; // flash wears out: at most one write a minute, however often the value is set

/** A setting that survives a restart. */
export class NumberEntity implements Entity {
	dueMs = Number.POSITIVE_INFINITY;
	private readonly context: Context;
	private readonly place: Place;
	private readonly definition: NumberDefinition;
	private readonly storeKey: string;
	private value: number;
	private writableMs = 0;

	constructor(context: Context, place: Place, definition: NumberDefinition) {
		this.context = context;
		this.place = place;
		this.definition = definition;
		this.storeKey = storeKeyOf(place.part.id);
		this.value = this.restored() ?? definition.initial;
	}

	stateText(): string {
		return formatNumber(this.value, decimalsOf(this.definition.step));
	}

	check(value: JsonValue): string | undefined {
		const { min, max, unit } = this.definition;
		if (typeof value === "number" && value >= min && value <= max) return undefined;
		return refusal(`a number from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`);
	}

	set(value: JsonValue): void {
		const { min, max, step } = this.definition;
		const rounded = Math.min(max, min + Math.round(((value as number) - min) / step) * step);
		if (rounded === this.value) return;
		this.value = rounded;
		this.context.stateChanged(this.place.stateIndex);
		this.dueMs = this.writableMs;
	}

	/** Writes the value to flash when the last write is long enough ago. */
	run(nowMs: number): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		this.writableMs = nowMs + WRITE_MS;
		this.context.board.store.set(this.storeKey, this.stateText());
	}

	close(): void {
		if (this.dueMs !== Number.POSITIVE_INFINITY) this.run(this.context.board.clock.monotonicMs());
	}

	private restored(): number | undefined {
		const text = this.context.board.store.get(this.storeKey);
		const value = text === undefined || text === "" ? Number.NaN : Number(text);
		return value >= this.definition.min && value <= this.definition.max ? value : undefined;
	}
}

/** A store key has 15 characters at most and an id 32: the key is a hash of the id (FNV-1a, 32 bit). */
export function storeKeyOf(id: string): string {
	let hash = 0x811c9dc5;
	for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
	return `n-${(hash >>> 0).toString(36)}`;
}
