import { readCertificate } from "../security/certificate.js";
import { DerReader, SEQUENCE, sameBytes } from "../security/der.js";
import { toBigInt } from "../security/numbers.js";
import { type PrivateKey, readPrivateKey } from "../security/private-key.js";
import type { PublicKey } from "../security/public-key.js";
import { Refused } from "../security/refused.js";

/**
 * Checks what a device is to show to its broker: `certificates`, its own first, and its private key, both DER. Throws
 * `Refused` for what cannot be read, has expired at `nowMs`, or does not belong together, and repeats nothing of the key.
 */
export function checkIdentity(certificates: readonly Uint8Array[], key: Uint8Array, nowMs: number): void {
	const secret = readPrivateKey(key);
	certificates.forEach((der, n) => {
		if (n === 0) checkOwn(der, secret, nowMs);
		else checkWhole(der);
	});
}

function checkOwn(der: Uint8Array, secret: PrivateKey, nowMs: number): void {
	const certificate = readOwn(der);
	if (certificate.untilMs <= nowMs) throw new Refused("the device's certificate has expired");
	if (secret.kind === "ec" && secret.point === undefined)
		throw new Refused("the key does not hold its public half, so nobody can see whether it is the certificate's");
	if (!belongs(secret, certificate.key)) throw new Refused("the key does not belong to the first certificate");
}

function readOwn(der: Uint8Array) {
	try {
		return readCertificate(der);
	} catch (error) {
		throw error instanceof Refused ? new Refused(`the device's certificate ${error.message}`) : error;
	}
}

/** Those above it are the broker's to judge. */
function checkWhole(der: Uint8Array): void {
	const outer = new DerReader(der);
	outer.enter(SEQUENCE);
	outer.finish();
}

function belongs(secret: PrivateKey, key: PublicKey): boolean {
	if (secret.kind === "ec")
		return key.kind === "ec" && secret.point !== undefined && sameBytes(secret.point, key.point);
	return key.kind === "rsa" && sameBytes(secret.modulus, key.modulus) && toBigInt(secret.exponent) === key.exponent;
}
