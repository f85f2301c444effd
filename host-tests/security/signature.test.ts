import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { HashName } from "../../firmware/ports/crypto.js";
import { curveFacts, isOnCurve } from "../../firmware/security/curves.js";
import { DerReader, hex, SEQUENCE } from "../../firmware/security/der.js";
import { type PublicKey, readPublicKey } from "../../firmware/security/public-key.js";
import { Refused } from "../../firmware/security/refused.js";
import { isSignedBy } from "../../firmware/security/signature.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";

const MESSAGE = Buffer.from("measure twice, cut once");
const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const EC = generateKeyPairSync("ec", { namedCurve: "P-256" });

function publicKey(key: KeyObject): PublicKey {
	return readPublicKey(new DerReader(new Uint8Array(key.export({ type: "spki", format: "der" }))).enter(SEQUENCE));
}

function sign(hash: HashName, key: KeyObject): Uint8Array {
	return new Uint8Array(createSign(hash).update(MESSAGE).sign(key));
}

function verdict(key: PublicKey, signature: Uint8Array, hash: HashName = "SHA256"): boolean | string {
	try {
		return isSignedBy(key, { kind: key.kind, hash }, signature, MESSAGE, nodeCrypto);
	} catch (error) {
		if (error instanceof Refused) return "unreadable";
		throw error;
	}
}

describe("RSA (RFC 8017 §8.2.2)", () => {
	const key = publicKey(RSA.publicKey);

	it.each(["SHA256", "SHA384", "SHA512"] as const)("with %s, and with no other", (hash) => {
		const signature = sign(hash, RSA.privateKey);
		for (const other of ["SHA256", "SHA384", "SHA512"] as const)
			expect(verdict(key, signature, other)).toBe(other === hash);
	});

	it("refuses every changed byte, and every other length", () => {
		const signature = sign("SHA256", RSA.privateKey);
		for (let at = 0; at < signature.length; at += 5) {
			const changed = signature.slice();
			changed[at] = (changed[at] as number) ^ 1;
			expect(verdict(key, changed)).toBe(false);
		}
		expect(verdict(key, signature.subarray(1))).toBe(false);
		expect(verdict(key, Uint8Array.of(0, ...signature))).toBe(false);
		expect(verdict(key, new Uint8Array(256))).toBe(false);
		expect(verdict(key, new Uint8Array(256).fill(255))).toBe(false);
	});

	it("refuses a key of the other kind", () => {
		const signature = sign("SHA256", RSA.privateKey);
		expect(isSignedBy(publicKey(EC.publicKey), { kind: "rsa", hash: "SHA256" }, signature, MESSAGE, nodeCrypto)).toBe(
			false,
		);
	});
});

describe("ECDSA (FIPS 186-5 §6.4.2)", () => {
	const key = publicKey(EC.publicKey);
	const number = (text: string) => `02${(text.length / 2).toString(16).padStart(2, "0")}${text}`;
	const pair = (r: string, s: string) => {
		const body = number(r) + number(s);
		return Uint8Array.from(Buffer.from(`30${(body.length / 2).toString(16).padStart(2, "0")}${body}`, "hex"));
	};
	const order = `00${curveFacts("P-256").order.toString(16)}`;
	const below = `00${(curveFacts("P-256").order - 1n).toString(16)}`;

	it("takes 300 signatures, those with short numbers among them", () => {
		const signatures = Array.from({ length: 300 }, () => sign("SHA256", EC.privateKey));
		expect(signatures.filter((signature) => verdict(key, signature) !== true)).toEqual([]);
	});

	it.each([
		["r is 0", "00", "01"],
		["s is 0", "01", "00"],
		["r is the order", order, "01"],
		["s is the order", "01", order],
		["r is far beyond it", `00${"ff".repeat(40)}`, "01"],
	])("%s: refused before anything is computed with it", (_, r, s) => {
		const never = { ...nodeCrypto, verifyEcdsa: () => expect.unreachable() };
		expect(isSignedBy(key, { kind: "ec", hash: "SHA256" }, pair(r, s), MESSAGE, never)).toBe(false);
	});

	it("looks at the numbers at the edge", () => {
		expect(verdict(key, pair("01", below))).toBe(false);
		expect(verdict(key, pair(below, "01"))).toBe(false);
	});

	it("refuses negative, padded and trailing forms", () => {
		const text = hex(sign("SHA256", EC.privateKey));
		const bytes = (hexadecimal: string) => Uint8Array.from(Buffer.from(hexadecimal, "hex"));
		expect(verdict(key, bytes(`${text}00`))).toBe("unreadable");
		expect(verdict(key, pair("80", "01"))).toBe("unreadable");
		expect(verdict(key, pair("0001", "01"))).toBe("unreadable");
		expect(verdict(key, new Uint8Array())).toBe("unreadable");
	});
});

describe("points (SEC 1 §2.3.4)", () => {
	it("are on the curve, or refused", () => {
		const { point } = publicKey(EC.publicKey) as { point: Uint8Array };
		const p256 = curveFacts("P-256");
		expect(isOnCurve(p256, point)).toBe(true);
		for (const at of [1, 40]) {
			const changed = point.slice();
			changed[at] = (changed[at] as number) ^ 1;
			expect(isOnCurve(p256, changed)).toBe(false);
		}
		expect(isOnCurve(p256, Uint8Array.of(2, ...point.subarray(1, 33)))).toBe(false);
		expect(isOnCurve(p256, new Uint8Array(65))).toBe(false);
		expect(isOnCurve(curveFacts("P-384"), point)).toBe(false);
	});
});
