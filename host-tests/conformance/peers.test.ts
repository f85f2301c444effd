import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TlsOptions } from "../../firmware/ports/network.js";
import { PcCalls } from "../../scripts/board/calls.js";
import { PcNetwork } from "../../scripts/board/network.js";
import { RecordingEntry } from "../contracts/entry.js";
import { SECRET, type Visit, Visitor } from "../contracts/visitor.js";
import { judge, tlsFor } from "./peers/judge.js";
import { type Authorities, HOST, makeAuthorities, type Peer, wantedBytes } from "./peers/peer.js";
import { RESUMPTION_CHECKS } from "./peers/resumption.js";
import { byHand, PeerServer } from "./peers/server.js";
import { PEERS } from "./peers/table.js";

const PATIENCE_MS = 200; // of a device at a peer that is expected to try it
const DEADLINE_MS = 10_000;

describe("the computer's TLS", () => {
	let authorities: Authorities;
	let network: PcNetwork;
	const entry = new RecordingEntry();

	beforeAll(async () => {
		authorities = await makeAuthorities();
		const calls = new PcCalls(() => undefined);
		calls.attach(entry);
		network = new PcNetwork(calls);
	});
	afterAll(() => network.stop());

	function visit(port: number, tls: TlsOptions, wanted = SECRET.length, patienceMs = DEADLINE_MS): Promise<Visit> {
		return new Promise((done) => {
			const visitor = new Visitor(wanted, done);
			visitor.visit(network, { address: "127.0.0.1", port, tls });
			setTimeout(() => visitor.giveUp(), patienceMs).unref();
		});
	}

	it.concurrent.each(PEERS.map((peer) => ({ peer, ...peer })))("$outcome: $name", async ({ peer }) => {
		const server = await PeerServer.start(await peer.behaviour(authorities));
		try {
			const tls = await tlsFor(peer, authorities);
			const patienceMs = peer.outcome === "given up" ? PATIENCE_MS : DEADLINE_MS;
			const came = await visit(server.port, tls, wantedBytes(peer), patienceMs);
			await server.quiet();
			judge(expect, peer, peer.onNode ?? peer.reason, came, server.applicationBytes);
			expect(entry.panics).toEqual([]);
		} finally {
			server.stop();
		}
	});

	it("would notice a device that trusts anybody, and one that speaks before it knows to whom", async () => {
		const bad = PEERS.find(({ name }) => name === "unknown root") as Peer;
		const gullible = await PeerServer.start(await bad.behaviour(authorities));
		const trusting = await visit(gullible.port, { serverName: HOST, roots: [authorities.stranger.der] });
		const careless = await PeerServer.start(byHand(() => undefined));
		const plain = await new Promise<Visit>((done) => {
			const visitor = new Visitor(1, done);
			visitor.visit(network, { address: "127.0.0.1", port: careless.port });
			setTimeout(() => visitor.giveUp(), PATIENCE_MS);
		});
		for (const [server, came] of [
			[gullible, trusting],
			[careless, plain],
		] as const) {
			await server.quiet();
			expect(server.applicationBytes).toBe(SECRET.length);
			expect(() => judge(expect, bad, "", { ...came, opened: false, heard: 0 }, server.applicationBytes)).toThrow();
			server.stop();
		}
	});

	it.each(RESUMPTION_CHECKS)("$name", async ({ run }) => {
		const lists = new Map<string, TlsOptions["roots"]>(); // the same roots are the same list, as with a device
		await run(
			{
				visit: (port, tls) => {
					const name = tls.roots.map((der) => Buffer.from(der).toString("hex")).join();
					const roots = lists.get(name) ?? tls.roots;
					lists.set(name, roots);
					return visit(port, { ...tls, roots });
				},
			},
			authorities,
		);
	});
});
