import type { Part } from "./device.js";

/** One entity in `about`: enough for a program that has never seen the device. */
export interface EntityDescription {
	readonly id: string;
	readonly kind: string;
	readonly model: string;
	readonly unit?: string | undefined;
	readonly class?: string | undefined;
	readonly min?: number;
	readonly max?: number;
	readonly step?: number;
	readonly decimals?: number;
	readonly everyMs?: number;
	readonly maxOnMs?: number | undefined;
	readonly state?: string;
	readonly set?: string;
	readonly events?: readonly string[];
}

/** Every entity of the device as `about` tells of it; topics are relative to the device's own. */
export function describeEntities(parts: readonly Part[]): EntityDescription[] {
	return parts.flatMap(describePart);
}

function describePart(part: Part): EntityDescription[] {
	const { id, definition } = part;
	const { kind, model } = definition;
	const state = `${id}/state`;
	const set = `${id}/set`;
	switch (definition.kind) {
		case "sensor":
			return part.valueIds.map((valueId, i) => describeValue(part, valueId, part.measureKeys[i] as string));
		case "binary_sensor":
			return [{ id, kind, model, class: definition.deviceClass, state }];
		case "switch":
			return [{ id, kind, model, maxOnMs: definition.maxOnMs, state, set }];
		case "light":
			return [{ id, kind, model, state, set }];
		case "number": {
			const { unit, min, max, step } = definition;
			return [{ id, kind, model, unit, min, max, step, state, set }];
		}
		case "button":
			return [{ id, kind, model, set, events: ["press", "hold"] }];
	}
}

function describeValue(part: Part, valueId: string, measureKey: string): EntityDescription {
	const { definition } = part;
	if (definition.kind !== "sensor") throw new Error(`${part.key} is no sensor`);
	const quantity = definition.measures[measureKey];
	if (quantity === undefined) throw new Error(`${part.key} does not measure ${measureKey}`);
	const { unit, deviceClass, min, max, decimals } = quantity;
	const { kind, model, everyMs } = definition;
	return { id: valueId, kind, model, unit, class: deviceClass, min, max, decimals, everyMs, state: `${valueId}/state` };
}
