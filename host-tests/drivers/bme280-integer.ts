/**
 * Humidity in percent by the integer formula of the data sheet BST-BME280-DS002, section 4.2.3: a second opinion on the
 * driver, which uses the formula in double precision. With H1 to H6 = 75, 362, 0, 313, 50, 30.
 */
export function integerHumidity(raw: number, fine: number): number {
	const [h1, h2, h3, h4, h5, h6] = [75n, 362n, 0n, 313n, 50n, 30n];
	let v = BigInt(fine) - 76_800n;
	const left = ((BigInt(raw) << 14n) - (h4 << 20n) - h5 * v + 16_384n) >> 15n;
	const right = (((((v * h6) >> 10n) * (((v * h3) >> 11n) + 32_768n)) >> 10n) + 2_097_152n) * h2 + 8_192n;
	v = left * (right >> 14n);
	v -= ((((v >> 15n) * (v >> 15n)) >> 7n) * h1) >> 4n;
	v = v < 0n ? 0n : v > 419_430_400n ? 419_430_400n : v;
	return Number(v >> 12n) / 1_024;
}
