/** Durations, all in milliseconds, so that a device file reads `every: seconds(10)`. */
export function ms(count: number): number {
	return count;
}

export function seconds(count: number): number {
	return count * 1_000;
}

export function minutes(count: number): number {
	return count * 60_000;
}

export function hours(count: number): number {
	return count * 3_600_000;
}
