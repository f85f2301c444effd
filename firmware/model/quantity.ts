/** What a number means: unit, the range that is physically possible here, and how many decimals are worth sending. */
export interface Quantity {
	/** Home Assistant's device class where one fits. */
	readonly deviceClass?: string;
	readonly unit: string;
	readonly min: number;
	readonly max: number;
	readonly decimals: number;
}

export interface Range {
	readonly min?: number;
	readonly max?: number;
	readonly decimals?: number;
}

/** Degrees Celsius. */
export function temperature(range: Range = {}): Quantity {
	return quantity("°C", { min: -273.15, max: 1_000, decimals: 2, ...range }, "temperature");
}

/** Relative humidity, percent. */
export function humidity(range: Range = {}): Quantity {
	return quantity("%", { min: 0, max: 100, decimals: 1, ...range }, "humidity");
}

/** Air pressure in hectopascal. */
export function pressure(range: Range = {}): Quantity {
	return quantity("hPa", { min: 0, max: 1_200, decimals: 1, ...range }, "atmospheric_pressure");
}

/** A share of a whole, percent; `deviceClass` says of what, such as `moisture` or `battery`. */
export function percent(deviceClass?: string, range: Range = {}): Quantity {
	return quantity("%", { min: 0, max: 100, decimals: 1, ...range }, deviceClass);
}

/** Volt. */
export function voltage(range: Range = {}): Quantity {
	return quantity("V", { min: -1_000, max: 1_000, decimals: 3, ...range }, "voltage");
}

/** Any other quantity. */
export function quantity(unit: string, range: Required<Range>, deviceClass?: string): Quantity {
	const { min, max, decimals } = range;
	return deviceClass === undefined ? { unit, min, max, decimals } : { deviceClass, unit, min, max, decimals };
}

/** The double that is nearest to the value with `decimals` places. */
export function roundNumber(value: number, decimals: number): number {
	const scale = 10 ** decimals;
	const scaled = value * scale;
	const rounded = Math.abs(scaled) < Number.MAX_SAFE_INTEGER ? Math.round(scaled) / scale : value;
	return rounded === 0 ? 0 : rounded; // no -0
}

/** The value as text with at most `decimals` places and no noise: 21.5, not 21.500000000000004. */
export function formatNumber(value: number, decimals: number): string {
	return String(roundNumber(value, decimals));
}
