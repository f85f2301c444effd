import { hex } from "./der.js";

/** Big-endian bytes as a number; 0 for none. */
export function toBigInt(bytes: Uint8Array): bigint {
	return bytes.length === 0 ? 0n : BigInt(`0x${hex(bytes)}`);
}

/** How many bits a big-endian number without leading zero bytes has. */
export function bitLength(bytes: Uint8Array): number {
	return bytes.length === 0 ? 0 : bytes.length * 8 - (Math.clz32(bytes[0] as number) - 24);
}

/** `base ** exponent % modulus`, for public numbers only: how long it takes depends on them. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
	let result = 1n;
	let square = base % modulus;
	for (let left = exponent; left > 0n; left >>= 1n) {
		if ((left & 1n) === 1n) result = (result * square) % modulus;
		square = (square * square) % modulus;
	}
	return result;
}

/** A number without leading zeros, made `length` bytes long; undefined when it is longer. */
export function padded(bytes: Uint8Array, length: number): Uint8Array | undefined {
	if (bytes.length > length) return undefined;
	const result = new Uint8Array(length);
	result.set(bytes, length - bytes.length);
	return result;
}
