import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TlsOptions } from "../../firmware/ports/network.js";
import { judge, tlsFor } from "../conformance/peers/judge.js";
import { type Authorities, makeAuthorities, wantedBytes } from "../conformance/peers/peer.js";
import { RESUMPTION_CHECKS } from "../conformance/peers/resumption.js";
import { PeerServer } from "../conformance/peers/server.js";
import { PEERS } from "../conformance/peers/table.js";
import { SECRET } from "../contracts/visitor.js";
import { buildFirmware, type Running, runHeadless, whyNoSdk } from "./headless/headless.js";
import { Traveller } from "./traveller.js";

const BUILD_MS = 600_000; // the first compiles all of XS
const PATIENCE_MS = 300; // of a device at a peer that is expected to try it
const DEADLINE_MS = 20_000;

const why = whyNoSdk();
if (why) console.warn(`host-tests/engine/sdk-peers.test.ts: skipped, ${why}`);

describe.skipIf(why)(`the SDK's TLS${why ? ` (skipped: ${why})` : ""}`, () => {
	const traveller = new Traveller();
	const matrix: string[] = [];
	let authorities: Authorities;
	let running: Running;

	beforeAll(async () => {
		const port = await traveller.start();
		const settings = { broker: { url: `mqtt://127.0.0.1:${port}`, insecurePlain: true } };
		const entry = "host-tests/engine/firmware/peers.ts";
		const built = buildFirmware({ target: "simulator", platform: "lin", name: "farpin-peers", settings, entry });
		authorities = await makeAuthorities();
		running = await runHeadless(await built);
		await traveller.ready();
	}, BUILD_MS);
	afterAll(async () => {
		await running?.stop();
		traveller.stop();
		console.log(matrix.join("\n"));
	});

	it.each(PEERS.map((peer) => ({ peer, ...peer })))("$outcome: $name", async ({ peer }) => {
		const server = await PeerServer.start(await peer.behaviour(authorities));
		try {
			const visit = await traveller.send({
				port: server.port,
				wanted: wantedBytes(peer),
				patienceMs: peer.outcome === "given up" ? PATIENCE_MS : DEADLINE_MS,
				tls: await tlsFor(peer, authorities),
			});
			await server.quiet();
			matrix.push([peer.name, peer.outcome, visit.reason, server.applicationBytes].join(" | "));
			judge(expect, peer, peer.reason, visit, server.applicationBytes);
			expect(visit.panics).toEqual([]);
		} finally {
			server.stop();
		}
	});

	it.each(RESUMPTION_CHECKS)("$name", async ({ run }) => {
		const visit = (port: number, tls: TlsOptions) =>
			traveller.send({ port, tls, wanted: SECRET.length, patienceMs: DEADLINE_MS });
		await run({ visit }, authorities);
	});
});
