import "../../scripts/pki/reflect.js";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { beforeAll, describe, expect, it } from "vitest";
import { type EcPrivateKey, readPrivateKey } from "../../firmware/security/private-key.js";
import { checkIdentity } from "../../firmware/trust/identity.js";
import { type Issued, issue, type KeyKind, NOW_MS, root } from "../security/pki.js";

let authority: Issued;
beforeAll(async () => {
	authority = await root();
});

/** A certificate of a device and its key, DER. */
async function deviceIdentity(key: KeyKind) {
	const purposes = [x509.ExtendedKeyUsage.clientAuth];
	const own = await issue({ name: "device", by: authority, key, names: [], purposes });
	const secret = new Uint8Array(await webcrypto.subtle.exportKey("pkcs8", own.keys.privateKey));
	return { own: own.der, above: authority.der, secret };
}

/** A key on P-256 without its public half, as RFC 5915 §3 allows it. */
function withoutPoint(pkcs8: Uint8Array): Uint8Array {
	const { number } = readPrivateKey(pkcs8) as EcPrivateKey;
	const head = "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420";
	return new Uint8Array(Buffer.concat([Buffer.from(head, "hex"), number]));
}

describe("what a device is to show to its broker", () => {
	it.each(["rsa2048", "p256"] as const)("is taken with a key for %s that belongs to its certificate", async (kind) => {
		const { own, secret } = await deviceIdentity(kind);
		expect(() => checkIdentity(own, secret, NOW_MS)).not.toThrow();
	});

	it("is refused with a key that belongs to another, of the same kind or not", async () => {
		const [one, two] = [await deviceIdentity("p256"), await deviceIdentity("p256")];
		const rsa = await deviceIdentity("rsa2048");
		const why = "the key does not belong to the first certificate";
		expect(() => checkIdentity(one.own, two.secret, NOW_MS)).toThrow(why);
		expect(() => checkIdentity(one.above, one.secret, NOW_MS)).toThrow(why);
		expect(() => checkIdentity(rsa.own, one.secret, NOW_MS)).toThrow(why);
		expect(() => checkIdentity(one.own, rsa.secret, NOW_MS)).toThrow(why);
	});

	it("is refused when it has expired, or a certificate is none", async () => {
		const { own, secret } = await deviceIdentity("p256");
		const late = NOW_MS + 100 * 86_400_000;
		expect(() => checkIdentity(own, secret, late)).toThrow("the device's certificate has expired");
		expect(() => checkIdentity(own.subarray(0, 50), secret, NOW_MS)).toThrow("the device's certificate cannot be read");
	});

	it("is refused with a key of a kind that no chip can use, or without a public half to compare", async () => {
		const [curve, { own, secret }] = [await deviceIdentity("p384"), await deviceIdentity("p256")];
		expect(() => checkIdentity(curve.own, curve.secret, NOW_MS)).toThrow("is neither RSA nor ECDSA on P-256");
		expect(() => checkIdentity(own, withoutPoint(secret), NOW_MS)).toThrow("does not hold its public half");
	});
});
