/** Largest Variable Byte Integer (MQTT 5 §1.5.5). */
export const VARINT_MAX = 268_435_455;

/** Bytes that `value` takes as a Variable Byte Integer in its shortest form, 1 to 4. */
export function varintSize(value: number): number {
	if (value < 0x80) return 1;
	if (value < 0x4000) return 2;
	return value < 0x20_0000 ? 3 : 4;
}

/** Writes `value` at `at` in the shortest form; returns where it ends. The caller has made sure that it fits. */
export function writeVarint(into: Uint8Array, at: number, value: number): number {
	let rest = value;
	let end = at;
	while (rest > 0x7f) {
		into[end++] = (rest & 0x7f) | 0x80;
		rest >>>= 7;
	}
	into[end++] = rest;
	return end;
}

/**
 * Reads the Variable Byte Integer at `at` (its size is `varintSize` of the result). Returns -1 when it runs past `end`,
 * and -2 when it is longer than 4 bytes or not in its shortest form [MQTT-1.5.5-1].
 */
export function readVarint(bytes: Uint8Array, at: number, end: number): number {
	let value = 0;
	let shift = 0;
	for (let index = at; index < end; index++) {
		const byte = bytes[index] as number;
		value |= (byte & 0x7f) << shift;
		if (byte < 0x80) return byte === 0 && shift > 0 ? -2 : value;
		shift += 7;
		if (shift > 21) return -2;
	}
	return -1;
}
