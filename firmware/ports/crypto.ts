/** Digests that a signature may be made with (FIPS 180-4). */
export type HashName = "SHA256" | "SHA384" | "SHA512";

/** Curves that a key may be on (SEC 2): secp256r1 and secp384r1. */
export type CurveName = "P-256" | "P-384";

/** A signature made with a curve: its numbers are big-endian and as long as the curve's field. */
export interface EcdsaSignature {
	/** The point that is the public key; the caller has made sure that it is on the curve. */
	readonly x: Uint8Array;
	readonly y: Uint8Array;
	/** Both in 1 to n-1, as the caller has made sure: there are engines that never return for others. */
	readonly r: Uint8Array;
	readonly s: Uint8Array;
}

/** What each engine has natively, or a library does, of cryptography. */
export interface Crypto {
	hash(name: HashName, bytes: Uint8Array): Uint8Array;
	/** Whether this is a signature of the digest `hash` of `message` (FIPS 186-5 §6.4.2). */
	verifyEcdsa(curve: CurveName, hash: HashName, message: Uint8Array, signature: EcdsaSignature): boolean;
	/** HMAC with SHA-256 (RFC 2104): 32 bytes. */
	hmac(key: Uint8Array, message: Uint8Array): Uint8Array;
	/**
	 * Encrypts with AES-GCM (NIST SP 800-38D): as many bytes as `plain`, and behind them the tag of 16. The key has 16 bytes
	 * or 32, the nonce 12, which must never be used twice with one key.
	 */
	seal(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, plain: Uint8Array): Uint8Array;
	/** The opposite of `seal`; undefined when the tag is wrong: something is not as it was sealed. */
	open(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}
