import type { PrivateKey } from "./private-key.js";
import { Refused } from "./refused.js";
import { ByteReader } from "./tls-reader.js";

// Kinds of certificates (RFC 5246 §7.4.4, RFC 8422 §5.5), and of signatures with SHA-256 (RFC 5246 §7.4.1.4.1).
const RSA_SIGN = 1;
const ECDSA_SIGN = 64;
const SHA256_RSA = 0x0401;
const SHA256_ECDSA = 0x0403;
/** The platform's TLS keeps the whole message more than once, and each authority in it; the smallest chip takes 9,000 bytes no more. */
const BODY_BYTES_MAX = 6_000;
const AUTHORITIES_MAX = 160;
const TOO_MANY = "it names more authorities than a device has room for";

/** What a server accepts that wants to know who its client is (RFC 5246 §7.4.4): keys of these kinds, with SHA-256. */
export interface CertificateRequest {
	readonly rsa: boolean;
	readonly ec: boolean;
}

/** Reads a CertificateRequest. Throws `Refused`. */
export function readCertificateRequest(body: Uint8Array): CertificateRequest {
	if (body.length > BODY_BYTES_MAX) throw new Refused(TOO_MANY);
	const request = new ByteReader(body);
	const types = request.vector(1).rest();
	let rsa = false;
	let ec = false;
	for (const list = request.vector(2); list.more; ) {
		const pair = list.uint16();
		rsa ||= pair === SHA256_RSA;
		ec ||= pair === SHA256_ECDSA;
	}
	// Which authorities it knows is for those to look at who have several certificates.
	let count = 0;
	for (const names = request.vector(2); names.more; names.vector(2))
		if (++count > AUTHORITIES_MAX) throw new Refused(TOO_MANY);
	request.finish();
	return { rsa: rsa && types.includes(RSA_SIGN), ec: ec && types.includes(ECDSA_SIGN) };
}

/** Whether a signature with SHA-256 and this kind of key is among what it accepts. */
export function accepts({ rsa, ec }: CertificateRequest, kind: PrivateKey["kind"]): boolean {
	return kind === "rsa" ? rsa : ec;
}
