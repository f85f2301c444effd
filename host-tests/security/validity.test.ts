import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endOf } from "../../firmware/security/validity.js";
import { serverIdentity, splitPem } from "../../scripts/pki/authority.js";
import { Scratch } from "../scripts/rig.js";

const scratch = new Scratch();
let ders: Uint8Array[];
beforeAll(async () => {
	const { chain, root } = await serverIdentity(scratch.path("pki"), ["localhost"]);
	ders = [...splitPem(chain), ...splitPem(root)].map((pem) => new Uint8Array(new X509Certificate(pem).raw));
});
afterAll(() => scratch.remove());

describe("the end of a certificate", () => {
	it("is the one that OpenSSL reads", () => {
		expect(ders.length).toBeGreaterThan(1);
		for (const der of ders) expect(endOf(der)).toBe(Date.parse(new X509Certificate(der).validTo));
	});

	it("of something else is none", () => {
		expect(() => endOf(new Uint8Array(0))).toThrow();
		for (let length = 0; length < 60; length++)
			expect(() => endOf((ders[0] as Uint8Array).subarray(0, length))).toThrow();
	});
});
