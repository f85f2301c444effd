import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import benchDevice from "../scripts/bench-device.js";
import { Scratch } from "../scripts/rig.js";
import { until } from "../scripts/socket-bench.js";
import { FAREWELLS } from "./peers/farewells.js";
import { type Authorities, certify, makeAuthorities, served } from "./peers/peer.js";
import { PeerServer } from "./peers/server.js";

/** A certificate that convinces is not a broker yet: only CONNACK is. */
describe("a broker that ends the connection before CONNACK", () => {
	const scratch = new Scratch();
	let authorities: Authorities;
	beforeAll(async () => {
		authorities = await makeAuthorities();
	});
	afterAll(() => scratch.remove());

	it.each(FAREWELLS)("%s: is no success, and the device says so", async (name, serve) => {
		const chain = async ({ issuer }: Authorities) => [await certify({ by: issuer, names: ["127.0.0.1"] }), issuer];
		const server = await PeerServer.start(await served(chain, {}, serve)(authorities));
		const states = new Set<string>();
		const device: SimulatedDevice = new SimulatedDevice({
			device: benchDevice,
			settings: {
				id: "farewell",
				broker: { host: "127.0.0.1", port: server.port, tls: { roots: [authorities.root.der] } },
			},
			uniqueId: "0123456789ab",
			storePath: scratch.path(`${name.replaceAll(/\W/g, "")}.json`),
			onChange: () => states.add(device.link.state),
		});
		try {
			device.start();
			await until("it says why it is not online", () => device.link.lastError !== undefined);
			expect(device.link.lastError).toMatch(/^The broker hung up|closed the connection/);
			expect([...states]).not.toContain("online");
		} finally {
			await device.stop();
			server.stop();
		}
	});
});
