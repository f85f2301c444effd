import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { expect, it } from "vitest";
import { type EcPrivateKey, type RsaPrivateKey, readPrivateKey } from "../../firmware/security/private-key.js";
import { Refused } from "../../firmware/security/refused.js";

function pkcs8({ privateKey }: { readonly privateKey: KeyObject }): Uint8Array {
	return new Uint8Array(privateKey.export({ format: "der", type: "pkcs8" }));
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });

function number(text: string | undefined): string {
	return Buffer.from(text ?? "", "base64url").toString("hex");
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}

it("reads the numbers of an RSA key", () => {
	const key = readPrivateKey(pkcs8(rsa)) as RsaPrivateKey;
	const jwk = rsa.privateKey.export({ format: "jwk" });
	expect(hex(key.modulus)).toBe(number(jwk.n));
	expect(hex(key.exponent)).toBe(number(jwk.e));
	expect(hex(key.privateExponent)).toBe(number(jwk.d));
	expect(key.primes.map(hex)).toEqual([number(jwk.p), number(jwk.q)]);
	expect(key.exponents.map(hex)).toEqual([number(jwk.dp), number(jwk.dq)]);
	expect(hex(key.coefficient)).toBe(number(jwk.qi));
});

it("reads the number of a key on P-256, and its public half", () => {
	const key = readPrivateKey(pkcs8(ec)) as EcPrivateKey;
	const { d, x, y } = ec.privateKey.export({ format: "jwk" });
	expect(hex(key.number)).toBe(number(d));
	expect(hex(key.point as Uint8Array)).toBe(`04${number(x)}${number(y)}`);
});

it("refuses keys of other kinds", () => {
	const others = [generateKeyPairSync("ec", { namedCurve: "P-384" }), generateKeyPairSync("ed25519")];
	for (const other of others) expect(() => readPrivateKey(pkcs8(other))).toThrow(Refused);
	expect(() => readPrivateKey(pkcs8(others[0] as typeof ec))).toThrow(
		"this device's key is neither RSA nor ECDSA on P-256",
	);
});

it("refuses a number that is no key of the curve", () => {
	const der = pkcs8(ec);
	const at = Buffer.from(der).indexOf((readPrivateKey(der) as EcPrivateKey).number);
	for (const fill of [0, 0xff]) {
		const changed = der.slice();
		changed.fill(fill, at, at + 32);
		expect(() => readPrivateKey(changed)).toThrow("is not a key of its curve");
	}
});

it("throws nothing but a refusal, wherever it is cut short or changed", () => {
	for (const der of [pkcs8(rsa), pkcs8(ec)]) {
		for (let at = 0; at < der.length; at++) {
			for (const changed of [der.slice(0, at), der.with(at, (der[at] as number) ^ 0x81)]) {
				try {
					readPrivateKey(changed);
				} catch (error) {
					expect(error).toBeInstanceOf(Refused);
				}
			}
		}
	}
});
