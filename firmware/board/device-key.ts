import ECDSA from "ecdsa";
import type { TlsIdentity } from "../ports/network.js";
import { signatureNonce } from "../security/nonce.js";
import { type PrivateKey, readPrivateKey } from "../security/private-key.js";
import { ecdsaDer } from "../security/signature.js";
import { sdkCrypto } from "./crypto.js";
import { curveOf, numberOf } from "./curve-key.js";

const NUMBER_BYTES = 32; // of P-256

/** An RSA key as the SDK's TLS wants it. */
export interface SdkRsaKey {
	readonly modulus: bigint;
	readonly exponent: bigint;
	readonly privExponent: bigint;
	readonly prim1: bigint;
	readonly prim2: bigint;
	readonly exponent1: bigint;
	readonly exponent2: bigint;
	readonly coefficient: bigint;
}

/** This device's certificates and its key, for the time of one handshake. */
export class DeviceKey {
	readonly certificates: readonly Uint8Array[];
	private readonly key: PrivateKey;

	/** Throws `Refused` for a key of a kind that cannot be used here. */
	constructor({ certificates, key }: TlsIdentity) {
		this.certificates = certificates;
		this.key = readPrivateKey(key);
	}

	get kind(): PrivateKey["kind"] {
		return this.key.kind;
	}

	/** An RSA key in the SDK's form; undefined when it is of another kind. */
	get rsa(): SdkRsaKey | undefined {
		const { key } = this;
		if (key.kind !== "rsa") return undefined;
		return {
			modulus: numberOf(key.modulus),
			exponent: numberOf(key.exponent),
			privExponent: numberOf(key.privateExponent),
			prim1: numberOf(key.primes[0]),
			prim2: numberOf(key.primes[1]),
			exponent1: numberOf(key.exponents[0]),
			exponent2: numberOf(key.exponents[1]),
			coefficient: numberOf(key.coefficient),
		};
	}

	/** The signature of a SHA-256 digest, DER, with a key on P-256; undefined when it is of another kind. */
	sign(digest: ArrayBuffer): Uint8Array | undefined {
		const { key } = this;
		if (key.kind !== "ec") return undefined;
		const signer = new ECDSA(numberOf(key.number), curveOf("P-256"));
		// The SDK's own number would come from a generator that a chip, just started, has little to feed with.
		signer.k = numberOf(signatureNonce(key.number, new Uint8Array(digest), sdkCrypto));
		const numbers = new Uint8Array(signer.sign(digest));
		return ecdsaDer(numbers.subarray(0, NUMBER_BYTES), numbers.subarray(NUMBER_BYTES));
	}
}
