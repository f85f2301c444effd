import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { cryptoContract } from "../contracts/crypto-contract.js";
import { buildFirmware, type Firmware, type Running, runHeadless, whyNoSdk } from "./headless/headless.js";

const BUILD_MS = 600_000; // the first compiles all of XS

const why = whyNoSdk();
if (why) console.warn(`host-tests/engine/sdk-crypto.test.ts: skipped, ${why}`);

describe.skipIf(why)(`the SDK's cryptography${why ? ` (skipped: ${why})` : ""}`, () => {
	const checks = cryptoContract(nodeCrypto).map(({ name }) => name);
	let firmware: Firmware;
	let running: Running | undefined;

	beforeAll(async () => {
		const settings = { broker: { url: "mqtt://127.0.0.1:1", insecurePlain: true } };
		const entry = "host-tests/engine/firmware/crypto.ts";
		firmware = await buildFirmware({ target: "simulator", platform: "lin", name: "farpin-crypto", settings, entry });
	}, BUILD_MS);
	afterEach(async () => {
		await running?.stop();
		running = undefined;
	});

	it("keeps the contract", async () => {
		running = await runHeadless(firmware);
		await running.line(/^that was all$/);
		expect(running.lines.filter((line) => line.startsWith("failed"))).toEqual([]);
		expect(running.lines.filter((line) => line.startsWith("ok"))).toEqual(checks.map((name) => `ok: ${name}`));
	});
});
