/** Calibration of one chip, by the names of the data sheet BST-BME280-DS002, 4.2.2. */
export interface Calibration {
	readonly t: readonly [t1: number, t2: number, t3: number];
	readonly p: readonly [
		p1: number,
		p2: number,
		p3: number,
		p4: number,
		p5: number,
		p6: number,
		p7: number,
		p8: number,
		p9: number,
	];
	readonly h: readonly [h1: number, h2: number, h3: number, h4: number, h5: number, h6: number];
}

// The formulas of the data sheet's section 8.1, solved for the raw values: what the converters of a chip in such air
// would say. Each is a quadratic; the root is written so that it stays exact when the square term vanishes.

export function rawTemperature({ t: [t1, t2, t3] }: Calibration, celsius: number): number {
	const fine = celsius * 5_120;
	const offset = (2 * fine) / (t2 + Math.sqrt(t2 * t2 + (t3 / 16) * fine));
	return (offset + t1 / 1_024) * 16_384;
}

/** The temperature in 1/5120 °C that a raw value stands for. */
export function fineOfRaw({ t: [t1, t2, t3] }: Calibration, raw: number): number {
	const offset = raw / 16_384 - t1 / 1_024;
	return offset * t2 + (offset / 8) ** 2 * t3;
}

export function rawPressure({ p }: Calibration, pascal: number, fine: number): number {
	const [p1, p2, p3, p4, p5, p6, p7, p8, p9] = p;
	const square = p9 / 2 ** 35;
	const linear = 1 + p8 / 2 ** 19;
	const rest = pascal - p7 / 16;
	const plain = (2 * rest) / (linear + Math.sqrt(linear * linear + 4 * square * rest));
	const cold = fine / 2 - 64_000;
	const offset = (p6 * cold * cold) / 2 ** 17 + (p5 * cold) / 2 + p4 * 2 ** 16;
	const scale = p1 * (1 + (p3 * cold * cold) / 2 ** 53 + (p2 * cold) / 2 ** 34);
	return 2 ** 20 - offset / 2 ** 12 - (plain * scale) / 6_250;
}

export function rawHumidity({ h: [h1, h2, h3, h4, h5, h6] }: Calibration, percent: number, fine: number): number {
	const linear = (2 * percent) / (1 + Math.sqrt(1 - (4 * h1 * percent) / 2 ** 19));
	const warm = fine - 76_800;
	const bend = 1 + (h6 / 2 ** 26) * warm * (1 + (h3 / 2 ** 26) * warm);
	return linear / ((h2 / 2 ** 16) * bend) + h4 * 64 + (h5 * warm) / 2 ** 14;
}
