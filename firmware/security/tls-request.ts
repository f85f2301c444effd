import type { PrivateKey } from "./private-key.js";
import { ByteReader } from "./tls-reader.js";

// Kinds of certificates (RFC 5246 §7.4.4, RFC 8422 §5.5), and of signatures with SHA-256 (RFC 5246 §7.4.1.4.1).
const RSA_SIGN = 1;
const ECDSA_SIGN = 64;
const SHA256_RSA = 0x0401;
const SHA256_ECDSA = 0x0403;

/** What a server accepts that wants to know who its client is (RFC 5246 §7.4.4). */
export interface CertificateRequest {
	/** Kinds of certificates. */
	readonly types: readonly number[];
	/** Pairs of a digest and a kind of key, each as one number of 16 bits. */
	readonly signatures: readonly number[];
}

/** Reads a CertificateRequest. Throws `Refused`. */
export function readCertificateRequest(body: Uint8Array): CertificateRequest {
	const request = new ByteReader(body);
	const types = Array.from(request.vector(1).rest());
	const signatures: number[] = [];
	for (const list = request.vector(2); list.more; ) signatures.push(list.uint16());
	// Which authorities it knows is for those to look at who have several certificates.
	for (const names = request.vector(2); names.more; ) names.vector(2);
	request.finish();
	return { types, signatures };
}

/** Whether a signature with SHA-256 and this kind of key is among what it accepts. */
export function accepts({ types, signatures }: CertificateRequest, kind: PrivateKey["kind"]): boolean {
	return kind === "rsa"
		? types.includes(RSA_SIGN) && signatures.includes(SHA256_RSA)
		: types.includes(ECDSA_SIGN) && signatures.includes(SHA256_ECDSA);
}
