import { expect, it } from "vitest";
import { Refused } from "../../firmware/security/refused.js";
import { accepts, readCertificateRequest } from "../../firmware/security/tls-request.js";

/** Types, signatures, and one authority of three bytes. */
const BODY = [2, 1, 64, 0, 4, 4, 1, 4, 3, 0, 5, 0, 3, 7, 8, 9];

it("reads what a server accepts", () => {
	expect(readCertificateRequest(Uint8Array.from(BODY))).toEqual({ types: [1, 64], signatures: [0x0401, 0x0403] });
});

it("refuses one that is cut short anywhere, or goes on", () => {
	for (let end = 0; end < BODY.length; end++) {
		expect(() => readCertificateRequest(Uint8Array.from(BODY.slice(0, end)))).toThrow(Refused);
	}
	expect(() => readCertificateRequest(Uint8Array.from([...BODY, 0]))).toThrow(Refused);
	expect(() => readCertificateRequest(Uint8Array.from([0, 0, 3, 4, 1, 4, 0, 0]))).toThrow(Refused); // half a pair
});

it("accepts a kind of key with its type and its signature only", () => {
	expect(accepts({ types: [1], signatures: [0x0401] }, "rsa")).toBe(true);
	expect(accepts({ types: [64], signatures: [0x0403] }, "ec")).toBe(true);
	expect(accepts({ types: [1], signatures: [0x0403] }, "rsa")).toBe(false);
	expect(accepts({ types: [64], signatures: [0x0401] }, "rsa")).toBe(false);
	expect(accepts({ types: [1], signatures: [0x0401, 0x0403] }, "ec")).toBe(false);
	expect(accepts({ types: [1, 64], signatures: [0x0503] }, "ec")).toBe(false);
});
