import type { CurveName } from "../ports/crypto.js";
import { toBigInt } from "./numbers.js";

/** What has to be known of a curve y² = x³ - 3x + b (SEC 2 §2.4.2 and §2.5.1). */
export interface CurveFacts {
	readonly name: CurveName;
	/** Length of a coordinate, of r and of s. */
	readonly bytes: number;
	readonly prime: bigint;
	readonly b: bigint;
	/** The order of its base point. */
	readonly order: bigint;
}

const P256: CurveFacts = Object.freeze({
	name: "P-256",
	bytes: 32,
	prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
	b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
	order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
});

const P384: CurveFacts = Object.freeze({
	name: "P-384",
	bytes: 48,
	prime: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
	b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
	order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
});

/** The curve of this name. */
export function curveFacts(name: CurveName): CurveFacts {
	return name === "P-256" ? P256 : P384;
}

/** Whether an uncompressed point (SEC 1 §2.3.4, first byte 4) is one of the curve. */
export function isOnCurve({ bytes, prime, b }: CurveFacts, point: Uint8Array): boolean {
	if (point.length !== 1 + 2 * bytes || point[0] !== 4) return false;
	const x = toBigInt(point.subarray(1, 1 + bytes));
	const y = toBigInt(point.subarray(1 + bytes));
	if (x >= prime || y >= prime) return false;
	return (y * y) % prime === (((x * x) % prime) * x + (prime - 3n) * x + b) % prime;
}
