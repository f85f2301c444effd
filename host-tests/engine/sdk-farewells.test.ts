import { writeFileSync } from "node:fs";
import { Aedes } from "aedes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAREWELLS } from "../conformance/peers/farewells.js";
import { certify, makeAuthorities, served } from "../conformance/peers/peer.js";
import { PeerServer } from "../conformance/peers/server.js";
import { Scratch } from "../scripts/rig.js";
import { buildFirmware, runHeadless, whyNoSdk } from "./headless/headless.js";

const BUILD_MS = 600_000; // the first compiles all of XS
const ONLINE_MS = 90_000; // six connections, with the longest pauses that chance may give between them
const why = whyNoSdk();
if (why) console.warn(`host-tests/engine/sdk-farewells.test.ts: skipped, ${why}`);

describe.skipIf(why)(`the firmware on the SDK's engine${why ? ` (skipped: ${why})` : ""}`, () => {
	const scratch = new Scratch();
	let aedes: Aedes;
	beforeAll(async () => {
		aedes = await Aedes.createBroker();
	});
	afterAll(async () => {
		await new Promise<void>((done) => aedes?.close(done));
		scratch.remove();
	});

	it(
		"is not online at a broker that hangs up before CONNACK, however it does, and is at last when it stays",
		async () => {
			const authorities = await makeAuthorities();
			const leaf = await certify({ by: authorities.issuer, names: ["127.0.0.1"] });
			let connections = 0;
			const behaviour = await served(
				() => [leaf, authorities.issuer],
				{},
				(secure) => {
					const [, serve = aedes.handle] = FAREWELLS[connections++] ?? [];
					serve(secure);
				},
			)(authorities);
			const server = await PeerServer.start(behaviour);
			const ca = scratch.path("ca.pem");
			writeFileSync(ca, authorities.root.certificate.toString("pem"));
			const settings = { id: "farewell", broker: { url: `mqtts://127.0.0.1:${server.port}`, ca } };
			const device = await runHeadless(
				await buildFirmware({ target: "simulator", platform: "lin", name: "farpin-identity", settings }),
			);
			try {
				await device.line(/^link: online/, ONLINE_MS);
				expect(connections).toBe(FAREWELLS.length + 1);
				const failures = device.lines.filter((line) => /^link: waiting/.test(line));
				// Whoever hangs up on the first CONNECT may know MQTT 3.1.1 only, and is asked again at once.
				expect(failures).toHaveLength(FAREWELLS.length - 1);
				for (const line of failures) expect(line).toMatch(/The broker hung up|closed the connection/);
				expect((await device.stop()).code).toBe(0);
			} finally {
				await device.stop();
				server.stop();
			}
		},
		BUILD_MS,
	);
});
