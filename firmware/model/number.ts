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

/** Decimals that a value on the grid of `step` can have, for formatting. */
export function decimalsOf(step: number): number {
	let decimals = 0;
	for (let scaled = step; decimals < 6 && Math.abs(scaled - Math.round(scaled)) > 1e-9; decimals++) scaled *= 10;
	return decimals;
}
