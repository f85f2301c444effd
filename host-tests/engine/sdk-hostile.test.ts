import "../../scripts/pki/reflect.js";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { resolve } from "node:path";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { Aedes } from "aedes";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Flight } from "../security/flight.js";
import { buildFirmware, compileHost, type Firmware, type Running, runHeadless, whyNoSdk } from "./headless/headless.js";
import { type Certificates, makeCertificates, whyNoMosquitto } from "./headless/mosquitto.js";
import { SMALLEST } from "./headless/smallest.js";

const BUILD_MS = 600_000; // the first compiles all of XS
const ECDHE_RSA = 0xc02f;
/** Beside the genuine certificates, this is all that the gate takes. */
const FILLER_BYTES = 10_000;
const BURST_BYTES = 16_000;

const why = whyNoSdk() ?? whyNoMosquitto();
if (why) console.warn(`host-tests/engine/sdk-hostile.test.ts: skipped, ${why}`);

describe.skipIf(why)(`a server that sends much, in the heaps of an ESP32-C3${why ? ` (skipped: ${why})` : ""}`, () => {
	let certificates: Certificates;
	let firmware: Firmware;
	let server: Server;
	let running: Running;
	let serve: (socket: Socket) => void;

	beforeAll(async () => {
		certificates = makeCertificates(resolve(import.meta.dirname, "../../build/engine/hostile"));
		server = createServer((socket) => serve(socket.on("error", () => undefined)));
		await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
		const url = `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const settings = { id: "hostile", broker: { url, ca: certificates.root } };
		await compileHost();
		const how = { target: "simulator", platform: "lin", name: "farpin-on-lin", creation: SMALLEST } as const;
		firmware = await buildFirmware({ ...how, settings });
	}, BUILD_MS);
	afterEach(async () => {
		await running?.stop();
	});
	afterAll(() => server?.close());

	it("cannot end it with the certificates of the genuine one and much beside them", async () => {
		const pems = readFileSync(certificates.chain, "utf8").split(/(?=-----BEGIN)/);
		const chain = pems.map((pem) => new Uint8Array(new X509Certificate(pem).raw));
		serve = (socket) =>
			socket.once("data", (hello) => {
				const flight = new Flight(new Uint8Array(hello)).hello({ suite: ECDHE_RSA });
				socket.write(flight.certificates(...chain, new Uint8Array(FILLER_BYTES)).bytes());
				// Only when the device has looked at all of it, and its TLS as well.
				setTimeout(() => socket.end(), 2_000);
			});
		running = await runHeadless(firmware);
		await running.line(/^link: waiting.*closed the connection during the TLS handshake/);
		await running.line(/^link: tcp/, 20_000, running.lines.length);
	});

	it("does not end it with more messages in one write than a record may hold", async () => {
		let refusals = 0;
		let last: TLSSocket | undefined;
		const aedes = await Aedes.createBroker();
		aedes.on("publish", ({ topic, payload }) => {
			if (topic === "farpin/hostile/status") last?.write(burst());
			if (payload.includes("there is no such entity")) refusals++;
		});
		const tls = createTlsServer({ key: readFileSync(certificates.key), cert: readFileSync(certificates.chain) });
		tls.on("secureConnection", (secure) => {
			last = secure;
			aedes.handle(secure);
		});
		serve = (socket) => void tls.emit("connection", socket);
		running = await runHeadless(firmware);
		await running.line(/^link: online/);
		await expect.poll(() => refusals, { timeout: 20_000 }).toBeGreaterThan(0);
		expect((await running.memory()).chunkBytes).toBeLessThan(SMALLEST.chunk.initial);
		expect(running.lines.some((line) => line.startsWith("link: waiting"))).toBe(false);
		await new Promise<void>((done) => aedes.close(done));
	});
});

/** Messages of QoS 0 to an entity that is not there: each is refused, and the refusal published. */
function burst(): Buffer {
	const topic = Buffer.from("farpin/hostile/nothing/set");
	const body = Buffer.concat([Uint8Array.of(0, topic.length), topic, Buffer.alloc(60, "A")]);
	const message = Buffer.concat([Uint8Array.of(0x30, body.length), body]);
	return Buffer.concat(Array.from({ length: BURST_BYTES / message.length }, () => message));
}
