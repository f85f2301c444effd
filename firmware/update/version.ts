const PARTS = 3;
const PART_MAX = 65_535;

/**
 * `1.4.0` as one number that is larger for a later version; undefined for anything but three whole numbers up to 65,535,
 * written in the one way they can be.
 */
export function versionNumber(version: string): number | undefined {
	const parts = version.split(".");
	if (parts.length !== PARTS) return undefined;
	let number = 0;
	for (const part of parts) {
		const value = Number(part);
		if (!(value >= 0 && value <= PART_MAX) || String(value) !== part) return undefined;
		number = number * (PART_MAX + 1) + value;
	}
	return number;
}
