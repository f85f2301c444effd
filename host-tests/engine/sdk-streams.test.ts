import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type ServerIdentity, serverIdentity } from "../../scripts/pki/authority.js";
import { streamContract } from "../contracts/stream-contract.js";
import { virtualStreams } from "../contracts/virtual-streams.js";
import { Scratch } from "../scripts/rig.js";
import { FarEndServer } from "./far-end-server.js";
import { buildFirmware, type Firmware, type Running, runHeadless, whyNoSdk } from "./headless/headless.js";

const BUILD_MS = 600_000; // the first compiles all of XS
const RUN_MS = 120_000;

const why = whyNoSdk();
if (why) console.warn(`host-tests/engine/sdk-streams.test.ts: skipped, ${why}`);

describe.skipIf(why)(`the SDK's streams${why ? ` (skipped: ${why})` : ""}`, () => {
	const scratch = new Scratch();
	const far = new FarEndServer();
	const checks = streamContract(virtualStreams).map(({ name }) => name);
	let identity: ServerIdentity;
	let firmware: Firmware;
	let running: Running | undefined;

	beforeAll(async () => {
		identity = await serverIdentity(scratch.path("pki"), ["localhost"]);
		// Not a broker but the program to ask; that its address is one of a WebSocket puts the WebSocket into the firmware.
		const broker = { url: `wss://127.0.0.1:${await far.start()}`, ca: identity.rootPath };
		const entry = "host-tests/engine/firmware/streams.ts";
		const settings = { broker };
		firmware = await buildFirmware({ target: "simulator", platform: "lin", name: "farpin-streams", settings, entry });
	}, BUILD_MS);
	afterEach(async () => {
		await running?.stop();
		running = undefined;
	});
	afterAll(async () => {
		await far.stop();
		scratch.remove();
	});

	it.each([
		["TCP", false, false],
		["TLS", true, false],
		["WebSocket", false, true],
		["WebSocket over TLS", true, true],
	])(
		"keep the contract over %s",
		async (_name, tls, webSocket) => {
			far.options = { identity: tls ? identity : undefined, webSocket };
			running = await runHeadless(firmware);
			await running.line(/^that was all$/, RUN_MS);
			expect(running.lines.filter((line) => line.startsWith("failed"))).toEqual([]);
			expect(running.lines.filter((line) => line.startsWith("ok"))).toEqual(checks.map((name) => `ok: ${name}`));
		},
		RUN_MS,
	);
});
