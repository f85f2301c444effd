import { type Certificate, readCertificate } from "../security/certificate.js";
import { sameBytes } from "../security/der.js";
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
	let own: Certificate | undefined;
	let reading = 1;
	try {
		for (const der of certificates) {
			const certificate = readCertificate(der);
			own ??= certificate;
			reading++;
		}
	} catch (error) {
		throw error instanceof Refused ? new Refused(`certificate ${reading} of the device ${error.message}`) : error;
	}
	if (own === undefined || own.untilMs <= nowMs) throw new Refused("the device's certificate has expired");
	if (secret.kind === "ec" && secret.point === undefined)
		throw new Refused("the key does not hold its public half, so nobody can see whether it is the certificate's");
	if (!belongs(secret, own.key)) throw new Refused("the key does not belong to the first certificate");
}

function belongs(secret: PrivateKey, key: PublicKey): boolean {
	if (secret.kind === "ec")
		return key.kind === "ec" && secret.point !== undefined && sameBytes(secret.point, key.point);
	return key.kind === "rsa" && sameBytes(secret.modulus, key.modulus) && toBigInt(secret.exponent) === key.exponent;
}
