import { context, DerReader, INTEGER, SEQUENCE, sameBytes } from "../security/der.js";
import { readTime } from "../security/der-time.js";
import { toBigInt } from "../security/numbers.js";
import { type PrivateKey, readPrivateKey } from "../security/private-key.js";
import { type PublicKey, readPublicKey } from "../security/public-key.js";
import { Refused } from "../security/refused.js";

/**
 * Checks what a device is to show to its broker: its own certificate, and its private key, both DER. Throws `Refused` for
 * what cannot be read, has expired at `nowMs`, or does not belong together, and repeats nothing of the key. What else a
 * certificate says, and those above it, are the broker's to judge.
 */
export function checkIdentity(certificate: Uint8Array, key: Uint8Array, nowMs: number): void {
	const secret = readPrivateKey(key);
	let own: ReturnType<typeof readOwn>;
	try {
		own = readOwn(certificate);
	} catch (error) {
		throw error instanceof Refused ? new Refused(`the device's certificate ${error.message}`) : error;
	}
	if (own.untilMs <= nowMs) throw new Refused("the device's certificate has expired");
	if (secret.kind === "ec" && secret.point === undefined)
		throw new Refused("the key does not hold its public half, so nobody can see whether it is the certificate's");
	if (!belongs(secret, own.key)) throw new Refused("the key does not belong to the first certificate");
}

/** Until when a certificate holds, and whose key it is about (RFC 5280 §4.1). */
function readOwn(der: Uint8Array): { readonly untilMs: number; readonly key: PublicKey } {
	const body = new DerReader(der).enter(SEQUENCE).enter(SEQUENCE);
	body.skip(context(0, true)); // version
	body.content(INTEGER); // serial number
	body.enter(SEQUENCE); // algorithm
	body.enter(SEQUENCE); // issuer
	const validity = body.enter(SEQUENCE);
	readTime(validity);
	const untilMs = readTime(validity);
	body.enter(SEQUENCE); // subject
	return { untilMs, key: readPublicKey(body.enter(SEQUENCE)) };
}

function belongs(secret: PrivateKey, key: PublicKey): boolean {
	if (secret.kind === "ec")
		return key.kind === "ec" && secret.point !== undefined && sameBytes(secret.point, key.point);
	return key.kind === "rsa" && sameBytes(secret.modulus, key.modulus) && toBigInt(secret.exponent) === key.exponent;
}
