import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PcCalls } from "../../scripts/board/calls.js";
import { PcNetwork } from "../../scripts/board/network.js";
import { RecordingEntry } from "../contracts/entry.js";
import { type Visit, Visitor } from "../contracts/visitor.js";
import { judge, tlsFor } from "./peers/judge.js";
import { type Authorities, makeAuthorities, type Peer, wantedBytes } from "./peers/peer.js";
import { PeerServer } from "./peers/server.js";
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

	async function visit(peer: Peer, port: number): Promise<Visit> {
		const tls = await tlsFor(peer, authorities);
		return new Promise((done) => {
			const visitor = new Visitor(wantedBytes(peer), done);
			visitor.visit(network, { address: "127.0.0.1", port, tls });
			setTimeout(() => visitor.giveUp(), peer.outcome === "given up" ? PATIENCE_MS : DEADLINE_MS).unref();
		});
	}

	it.concurrent.each(PEERS.map((peer) => ({ peer, ...peer })))("$outcome: $name", async ({ peer }) => {
		const server = await PeerServer.start(await peer.behaviour(authorities));
		try {
			const came = await visit(peer, server.port);
			await server.quiet();
			judge(expect, peer, peer.onNode ?? peer.reason, came, server.applicationBytes);
			expect(entry.panics).toEqual([]);
		} finally {
			server.stop();
		}
	});
});
