import { curveFacts } from "./curves.js";
import { context, DerReader, INTEGER, NULL, OCTET_STRING, SEQUENCE } from "./der.js";
import { padded, toBigInt } from "./numbers.js";
import { EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP256R1 } from "./public-key.js";
import { Refused } from "./refused.js";

/** The numbers of an RSA key (RFC 8017 §3.2), big-endian. */
export interface RsaPrivateKey {
	readonly kind: "rsa";
	readonly modulus: Uint8Array;
	readonly exponent: Uint8Array;
	readonly privateExponent: Uint8Array;
	readonly primes: readonly [Uint8Array, Uint8Array];
	/** The private exponent modulo each prime less one. */
	readonly exponents: readonly [Uint8Array, Uint8Array];
	/** The inverse of the second prime modulo the first. */
	readonly coefficient: Uint8Array;
}

/** A key on P-256. */
export interface EcPrivateKey {
	readonly kind: "ec";
	/** 32 bytes, big-endian. */
	readonly number: Uint8Array;
	/** Its public half, uncompressed, where the key holds it. */
	readonly point: Uint8Array | undefined;
}

export type PrivateKey = RsaPrivateKey | EcPrivateKey;

/** Reads this device's key: PKCS #8 (RFC 5208 §5), DER; RSA, or ECDSA on P-256. Throws `Refused` for anything else. */
export function readPrivateKey(der: Uint8Array): PrivateKey {
	try {
		return readInfo(der);
	} catch (error) {
		throw error instanceof Refused ? new Refused(`this device's key ${error.message}`) : error;
	}
}

function readInfo(der: Uint8Array): PrivateKey {
	const outer = new DerReader(der);
	const info = outer.enter(SEQUENCE);
	outer.finish();
	info.content(INTEGER); // the version; what a newer one adds stands behind, and is not needed
	const algorithm = info.enter(SEQUENCE);
	const kind = algorithm.identifier();
	const key = new DerReader(info.content(OCTET_STRING)).enter(SEQUENCE);
	if (kind === RSA_ENCRYPTION) {
		algorithm.skip(NULL);
		return readRsa(key);
	}
	if (kind === EC_PUBLIC_KEY && algorithm.identifier() === SECP256R1) return readEc(key);
	throw new Refused("is neither RSA nor ECDSA on P-256");
}

/** RFC 8017 appendix A.1.2. */
function readRsa(key: DerReader): RsaPrivateKey {
	if (key.smallInteger() !== 0) throw new Refused("has more than two primes");
	const modulus = key.unsigned();
	const exponent = key.unsigned();
	const privateExponent = key.unsigned();
	const primes = [key.unsigned(), key.unsigned()] as const;
	const exponents = [key.unsigned(), key.unsigned()] as const;
	return { kind: "rsa", modulus, exponent, privateExponent, primes, exponents, coefficient: key.unsigned() };
}

/** RFC 5915 §3. */
function readEc(key: DerReader): EcPrivateKey {
	if (key.smallInteger() !== 1) throw new Refused("is of a version that is not known");
	const { bytes, order } = curveFacts("P-256");
	const number = padded(key.content(OCTET_STRING), bytes);
	key.skip(context(0, true));
	if (number === undefined) throw new Refused("is longer than its curve");
	const value = toBigInt(number);
	if (value === 0n || value >= order) throw new Refused("is not a key of its curve");
	const point = key.tag() === context(1, true) ? key.enter(context(1, true)).wholeBits() : undefined;
	return { kind: "ec", number, point };
}
