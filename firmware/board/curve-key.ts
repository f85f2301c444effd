import Curve from "curve";
import ECPoint from "ecp";
import type { CurveName } from "../ports/crypto.js";

/** The SDK's curve of this name. */
export function curveOf(name: CurveName): Curve {
	return new Curve(name === "P-256" ? "secp256r1" : "secp384r1");
}

/** A point in the SDK's form. */
export function pointOf(x: Uint8Array, y: Uint8Array): ECPoint {
	return new ECPoint(numberOf(x), numberOf(y));
}

/** Big-endian bytes as a number. */
export function numberOf(bytes: Uint8Array): bigint {
	return BigInt.fromArrayBuffer(bytes.slice().buffer);
}
