// Durations, all in milliseconds, so that a device file reads `every: seconds(10)`.

/** `count` milliseconds. */
export function ms(count: number): number {
	return count;
}

/** `count` seconds, in milliseconds. */
export function seconds(count: number): number {
	return count * 1_000;
}

/** `count` minutes, in milliseconds. */
export function minutes(count: number): number {
	return count * 60_000;
}

/** `count` hours, in milliseconds. */
export function hours(count: number): number {
	return count * 3_600_000;
}
