export interface NumberDefinition {
	readonly kind: "number";
	readonly model: "number";
	readonly pins: readonly [];
	readonly min: number;
	readonly max: number;
	readonly step: number;
	readonly unit: string;
	readonly initial: number;
}

export interface NumberOptions {
	readonly min: number;
	readonly max: number;
	/** Values are rounded to whole steps from `min`. 1 unless set. */
	readonly step?: number;
	readonly unit?: string;
	/** The value until somebody sets another; what is set survives a restart. `min` unless set. */
	readonly initial?: number;
}

/** A setting that the owner turns: a target, a threshold, an interval. */
export function number(options: NumberOptions): NumberDefinition {
	const { min, max, step = 1, unit = "", initial = min } = options;
	return { kind: "number", model: "number", pins: [], min, max, step, unit, initial };
}

/** The value of the setting that is nearest to `value`, on whole steps from `min`; `max` is the last. */
export function onGrid(definition: NumberDefinition, value: number): number {
	const { min, max, step } = definition;
	const nearest = Math.max(min, Math.min(max, min + Math.round((value - min) / step) * step));
	return Number(nearest.toFixed(decimalsOfNumber(definition))); // 0.3, not 0.30000000000000004
}

/** Decimals that tell every value of the setting from its neighbours, and bring it back unchanged from text. */
export function decimalsOfNumber({ min, max, step }: NumberDefinition): number {
	return Math.max(decimalsOf(min), decimalsOf(max), decimalsOf(step));
}

/** The most decimals that a setting may have. */
export const DECIMALS_MAX = 6;

/** Decimals of `value`, up to `DECIMALS_MAX`. */
function decimalsOf(value: number): number {
	let decimals = 0;
	while (decimals < DECIMALS_MAX && Number(value.toFixed(decimals)) !== value) decimals++;
	return decimals;
}
