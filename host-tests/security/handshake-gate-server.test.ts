import "../../scripts/pki/reflect.js";
import { constants } from "node:crypto";
import { type AddressInfo, connect } from "node:net";
import { connect as connectTls, createServer, type TlsOptions } from "node:tls";
import { beforeAll, describe, expect, it } from "vitest";
import { checkChain } from "../../firmware/security/chain.js";
import { HandshakeGate } from "../../firmware/security/handshake-gate.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { GatedSocket } from "../../scripts/board/gated-socket.js";
import { type Issued, issue, NOW_MS, pem, root } from "./pki.js";

const SUITES = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";

let trusted: Issued;
let leaf: Issued;
let rsaLeaf: Issued;

beforeAll(async () => {
	trusted = await root({ fromDays: -10_000, untilDays: 10_000 });
	leaf = await issue({ by: trusted, fromDays: -9_000, untilDays: 9_000 });
	rsaLeaf = await issue({ by: trusted, key: "rsa2048", fromDays: -9_000, untilDays: 9_000 });
});

/** What Node.js's client sees through the gate at a real server: an echo, or the gate's refusal. */
async function visit(options: TlsOptions, send = "hello", bytesMax?: number): Promise<string> {
	const server = createServer(options, (socket) => void socket.on("error", () => undefined).pipe(socket));
	server.on("tlsClientError", () => undefined);
	await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
	const policy = { host: "broker.test", roots: [trusted.der], pins: [], nowMs: NOW_MS };
	const gate = new HandshakeGate((chain) => checkChain(chain, policy, nodeCrypto).leaf, nodeCrypto, bytesMax);
	const through = new GatedSocket(connect((server.address() as AddressInfo).port, "127.0.0.1"), gate);
	const client = connectTls({
		socket: through,
		ca: trusted.certificate.toString("pem"),
		servername: "broker.test",
		ciphers: SUITES,
		ecdhCurve: "P-256",
		sigalgs: "ECDSA+SHA256:RSA+SHA256",
		minVersion: "TLSv1.2",
		maxVersion: "TLSv1.2",
		secureOptions: constants.SSL_OP_NO_TICKET, // as on the chip, which knows none
	});
	const answer = await new Promise<string>((resolve) => {
		let heard = "";
		client.on("secureConnect", () => client.write(send));
		client.on("data", (bytes) => {
			heard += bytes;
			if (heard.length >= send.length) resolve(heard);
		});
		for (const one of [client, through]) one.on("error", (error) => resolve(error.message));
	});
	client.destroy();
	server.close();
	return answer;
}

describe("at a real server", () => {
	it("lets a good handshake through, ECDSA and RSA, and data in full records behind it", async () => {
		expect(await visit(await pem(leaf))).toBe("hello");
		expect(await visit(await pem(rsaLeaf))).toBe("hello");
		const long = "x".repeat(100_000);
		expect(await visit(await pem(leaf), long)).toBe(long);
	});

	it("takes no longer a handshake, and no longer records, than there is said to be room for", async () => {
		expect(await visit(await pem(rsaLeaf), "x".repeat(1_900), 2_000)).toBe("x".repeat(1_900));
		expect(await visit(await pem(rsaLeaf), "hello", 500)).toContain("its handshake is longer than there is room for");
		expect(await visit(await pem(rsaLeaf), "x".repeat(2_300), 2_000)).toContain("it sent a record that is too long");
	});

	it("lets a server ask for a client's certificate", async () => {
		expect(await visit({ ...(await pem(leaf)), requestCert: true, rejectUnauthorized: false })).toBe("hello"); // the server's side
	});

	it("refuses the certificate before Node.js's client does", async () => {
		const stranger = await issue({ by: await root({ name: "stranger" }), fromDays: -9_000, untilDays: 9_000 });
		expect(await visit(await pem(stranger))).toBe("its certificate comes from nobody who is trusted here");
	});
});
