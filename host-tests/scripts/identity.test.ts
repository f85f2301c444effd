import "../../scripts/pki/reflect.js";
import { createHash, generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkProtocol, identityOf, readIdentity, readPins } from "../../scripts/pki/identity.js";
import { type Issued, issue, type KeyKind, pem } from "../security/pki.js";
import { Scratch } from "./rig.js";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const fail = (what: string): never => {
	throw new Error(what);
};

/** Writes a device's certificate and key; returns what names them. */
async function files(name: string, key: KeyKind, untilDays = 10) {
	const device = await issue({ name, key, nowMs: Date.now(), untilDays, fromDays: -30 });
	const { key: keyPem, cert } = await pem(device);
	const certificate = { name: '"certificate"', path: scratch.path(`${name}.pem`) };
	const secret = { name: '"key"', path: scratch.path(`${name}.key`) };
	writeFileSync(certificate.path, cert);
	writeFileSync(secret.path, keyPem);
	return { device, certificate, key: secret };
}

let good: Awaited<ReturnType<typeof files>>;
beforeAll(async () => {
	good = await files("good", "p256");
});

function why(certificate = good.certificate, key = good.key): string {
	try {
		readIdentity(certificate, key, fail);
	} catch (error) {
		return (error as Error).message;
	}
	return "accepted";
}

test("reads certificate and key, RSA or P-256, as the firmware takes them", async () => {
	const { certificates, key } = readIdentity(good.certificate, good.key, fail);
	expect(certificates).toEqual([good.device.der]);
	expect(key[0]).toBe(0x30); // DER: a sequence
	const rsa = await files("rsa", "rsa2048");
	expect(readIdentity(rsa.certificate, rsa.key, fail).certificates).toEqual([rsa.device.der]);
});

test("takes a key in the older forms, too", () => {
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const path = scratch.path("old.key");
	writeFileSync(path, privateKey.export({ type: "pkcs1", format: "pem" }));
	expect(why(good.certificate, { name: '"key"', path })).toContain("does not belong to the first certificate");
});

test("says what is wrong with the files, and nothing of what is in a key", async () => {
	const missing = { name: '"key"', path: scratch.path("nothing") };
	expect(why(good.certificate, missing)).toContain("which does not exist");
	expect(why(good.key, good.key)).toContain("holds no certificate in PEM form");
	expect(why(good.certificate, good.certificate)).toContain("holds no private key in PEM form");
	const curve = await files("p384", "p384");
	expect(why(curve.certificate, curve.key)).toContain("must be RSA of 2048 to 4096 bits, or ECDSA on P-256");
	const weak = await files("weak", "rsa1024");
	expect(why(weak.certificate, weak.key)).toContain("must be RSA of 2048 to 4096 bits");
	const other = await files("other", "p256");
	expect(why(good.certificate, other.key)).toContain("does not belong to the first certificate");
	const old = await files("old", "p256", -1);
	expect(why(old.certificate, old.key)).toContain("expired on");
	writeFileSync(missing.path, encrypted());
	expect(why(good.certificate, missing)).toMatch(/wants a password: .*openssl pkey/);
});

function encrypted(): string {
	const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
	return privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-128-cbc", passphrase: "secret" }).toString();
}

test("wants both or neither", () => {
	expect(identityOf(undefined, undefined, fail)).toBeUndefined();
	expect(() => identityOf(good.certificate, undefined, fail)).toThrow('"certificate" is of no use alone');
	expect(() => identityOf(undefined, good.key, fail)).toThrow('"key" is of no use alone');
	expect(identityOf(good.certificate, good.key, fail)?.certificates).toHaveLength(1);
});

function pin({ certificate }: Issued): string {
	return `sha256/${createHash("sha256").update(new Uint8Array(certificate.publicKey.rawData)).digest("base64")}`;
}

test("reads pins, and wants a second one", async () => {
	const spare = pin(await issue({}));
	const own = pin(good.device);
	expect(readPins('"pins"', [], fail)).toBeUndefined();
	expect(readPins('"pins"', [own, spare], fail)?.map(({ length }) => length)).toEqual([32, 32]);
	expect(() => readPins('"pins"', [own], fail)).toThrow('"pins" holds only one pin');
	expect(() => readPins('"pins"', [own, own], fail)).toThrow("holds only one pin");
	for (const none of ["sha256/abc", spare.replace("sha256/", ""), "sha1/xyz"]) {
		expect(() => readPins('"pins"', [own, none], fail)).toThrow(`"${none}", which is not sha256/`);
	}
});

test("takes names of application protocols", () => {
	expect(checkProtocol('"alpn"', undefined, fail)).toBeUndefined();
	expect(checkProtocol('"alpn"', "x-amzn-mqtt-ca", fail)).toBe("x-amzn-mqtt-ca");
	for (const none of ["", "a b", "é", "x".repeat(256)])
		expect(() => checkProtocol('"alpn"', none, fail)).toThrow('"alpn"');
});
