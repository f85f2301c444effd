import "../../scripts/pki/reflect.js";
import { createSign } from "node:crypto";
import { expect, it } from "vitest";
import { checkChain } from "../../firmware/security/chain.js";
import { HandshakeGate } from "../../firmware/security/handshake-gate.js";
import { Refused } from "../../firmware/security/refused.js";
import { accepts, readCertificateRequest } from "../../firmware/security/tls-request.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { clientHello, Flight } from "./flight.js";
import { issue, NOW_MS, pem, root } from "./pki.js";

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

it("tells what a server accepts that wants to know who this device is, until all is encrypted", async () => {
	const trusted = await root();
	const leaf = await issue({ by: trusted });
	const { key } = await pem(leaf);
	const sign = (message: Uint8Array) => new Uint8Array(createSign("SHA256").update(message).sign(key));
	const policy = { host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS };
	const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto);
	gate.sent(clientHello());
	const flight = new Flight().hello().certificates(leaf.der).keyExchange(sign).message(13, BODY).done().bytes();
	gate.feed(flight, flight.length);
	expect(gate.request).toEqual({ types: [1, 64], signatures: [0x0401, 0x0403] });
	const change = Uint8Array.of(20, 3, 3, 0, 1, 1);
	gate.sent(change);
	gate.feed(change, change.length);
	expect(gate.request).toBeUndefined();
});
