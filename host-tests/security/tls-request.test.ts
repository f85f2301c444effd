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
	expect(readCertificateRequest(Uint8Array.from(BODY))).toEqual({ rsa: true, ec: true });
});

it("refuses one that is cut short anywhere, or goes on", () => {
	for (let end = 0; end < BODY.length; end++) {
		expect(() => readCertificateRequest(Uint8Array.from(BODY.slice(0, end)))).toThrow(Refused);
	}
	expect(() => readCertificateRequest(Uint8Array.from([...BODY, 0]))).toThrow(Refused);
	expect(() => readCertificateRequest(Uint8Array.from([0, 0, 3, 4, 1, 4, 0, 0]))).toThrow(Refused); // half a pair
});

it("accepts a kind of key with its type and its signature only", () => {
	const accepted = (types: number[], signatures: number[]) => {
		const body = [
			types.length,
			...types,
			0,
			2 * signatures.length,
			...signatures.flatMap((one) => [one >> 8, one & 255]),
			0,
			0,
		];
		const request = readCertificateRequest(Uint8Array.from(body));
		return (["rsa", "ec"] as const).filter((kind) => accepts(request, kind));
	};
	expect(accepted([1], [0x0401])).toEqual(["rsa"]);
	expect(accepted([64], [0x0403])).toEqual(["ec"]);
	expect(accepted([1], [0x0403])).toEqual([]);
	expect(accepted([64], [0x0401])).toEqual([]);
	expect(accepted([1], [0x0401, 0x0403])).toEqual(["rsa"]);
	expect(accepted([1, 64], [0x0503])).toEqual([]);
});

it("refuses more than the platform, which keeps all of it, has room for on the smallest chip", () => {
	const request = (pairs: number, names: number, nameBytes = 0) => {
		const name = [nameBytes >> 8, nameBytes & 255, ...Array<number>(nameBytes).fill(0)];
		const lists = [Array(pairs).fill([4, 1]), Array(names).fill(name)].map((list) => list.flat() as number[]);
		return Uint8Array.from([1, 1, ...lists.flatMap((list) => [list.length >> 8, list.length & 255, ...list])]);
	};
	const fine = { rsa: true, ec: false };
	expect(readCertificateRequest(request(1, 160))).toEqual(fine);
	expect(readCertificateRequest(request(1, 77, 75))).toEqual(fine);
	expect(readCertificateRequest(request(2_900, 1))).toEqual(fine);
	for (const [pairs, names, bytes] of [
		[1, 161],
		[1, 78, 75],
		[3_000, 1],
	] as const)
		expect(() => readCertificateRequest(request(pairs, names, bytes))).toThrow(
			"it names more authorities than a device",
		);
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
	expect(gate.request).toEqual({ rsa: true, ec: true });
	const change = Uint8Array.of(20, 3, 3, 0, 1, 1);
	gate.sent(change);
	gate.feed(change, change.length);
	expect(gate.request).toBeUndefined();
});
