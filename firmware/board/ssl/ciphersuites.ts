import { AES, ECDHE_RSA, GCM, SHA256 } from "ssl/constants";

/** AES-128-GCM with SHA-256 and an ephemeral key, as the SDK describes a cipher suite (RFC 5288 §3, RFC 5289 §3.2). */
function suite(low: number) {
	return {
		value: [0xc0, low],
		keyExchangeAlgorithm: ECDHE_RSA, // the SDK's word for ECDHE with either kind of key
		cipherAlgorithm: AES,
		cipherKeySize: 16,
		cipherBlockSize: 16,
		hashAlgorithm: SHA256,
		hashSize: 32,
		encryptionMode: GCM,
		ivSize: 8,
		saltSize: 4,
	};
}

/**
 * The cipher suites that are offered, in place of the SDK's own list, which begins with those that keep no secret once
 * the server's key is known. Of the strong ones the SDK has two: ECDHE_ECDSA and ECDHE_RSA with AES-128-GCM-SHA256.
 */
export default Object.freeze([Object.freeze(suite(0x2b)), Object.freeze(suite(0x2f))]);
