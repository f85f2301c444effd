import { type CurveFacts, curveFacts, isOnCurve } from "./curves.js";
import { DerReader, NULL, SEQUENCE } from "./der.js";
import { bitLength, toBigInt } from "./numbers.js";
import { Refused } from "./refused.js";

// Object identifiers, as the hexadecimal text of their DER content (RFC 3279 §2.3, RFC 5480 §2.1.1).
export const RSA_ENCRYPTION = "2a864886f70d010101";
export const EC_PUBLIC_KEY = "2a8648ce3d0201";
export const SECP256R1 = "2a8648ce3d030107";
const SECP384R1 = "2b81040022";

/** Fewer bits can be broken (NIST SP 800-131A §3); more would take a chip too long. */
const RSA_BITS_MIN = 2_048;
const RSA_BITS_MAX = 4_096;
/** Smaller exponents have been the way into careless implementations. */
const RSA_EXPONENT_MIN = 65_537n;
const RSA_EXPONENT_BITS_MAX = 32;

export interface RsaKey {
	readonly kind: "rsa";
	readonly modulus: Uint8Array;
	readonly exponent: bigint;
}

export interface EcKey {
	readonly kind: "ec";
	readonly curve: CurveFacts;
	/** Uncompressed: 4, x, y. */
	readonly point: Uint8Array;
}

export type PublicKey = RsaKey | EcKey;

/** A SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Throws `Refused` for keys that are weak or not known here. */
export function readPublicKey(info: DerReader): PublicKey {
	const algorithm = info.enter(SEQUENCE);
	const kind = algorithm.identifier();
	if (kind === RSA_ENCRYPTION) {
		algorithm.skip(NULL);
		algorithm.finish();
		return readRsa(info);
	}
	if (kind !== EC_PUBLIC_KEY) throw new Refused("has a kind of key that this device does not know");
	const curve = readCurve(algorithm);
	algorithm.finish();
	const point = info.wholeBits();
	info.finish();
	if (!isOnCurve(curve, point)) throw new Refused("has a key that is not on its curve");
	return { kind: "ec", curve, point };
}

function readCurve(algorithm: DerReader): CurveFacts {
	const name = algorithm.identifier();
	if (name === SECP256R1) return curveFacts("P-256");
	if (name === SECP384R1) return curveFacts("P-384");
	throw new Refused("has a key on a curve that this device does not know: use P-256 or P-384");
}

/** RFC 8017 §A.1.1. */
function readRsa(info: DerReader): RsaKey {
	const bits = info.wholeBits();
	info.finish();
	const outer = new DerReader(bits);
	const key = outer.enter(SEQUENCE);
	outer.finish();
	const modulus = key.unsigned();
	const exponentBytes = key.unsigned();
	key.finish();
	const size = bitLength(modulus);
	if (size < RSA_BITS_MIN) throw new Refused(`has an RSA key of ${size} bits, and ${RSA_BITS_MIN} are the least`);
	if (size > RSA_BITS_MAX) throw new Refused(`has an RSA key of ${size} bits, and ${RSA_BITS_MAX} are the most`);
	if (((modulus[modulus.length - 1] as number) & 1) === 0) throw new Refused("has an RSA key that cannot be one");
	if (bitLength(exponentBytes) > RSA_EXPONENT_BITS_MAX) throw new Refused("has an RSA key with an unusual exponent");
	const exponent = toBigInt(exponentBytes);
	if (exponent < RSA_EXPONENT_MIN || (exponent & 1n) === 0n) throw new Refused("has an RSA key with a weak exponent");
	return { kind: "rsa", modulus, exponent };
}
