import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findMosquitto } from "../conformance/mosquitto.js";
import { type StrictMosquitto, startStrictMosquitto } from "../conformance/strict-mosquitto.js";
import { Scratch } from "../scripts/rig.js";
import { buildFirmware, type Running, runHeadless, whyNoSdk } from "./headless/headless.js";

const BUILD_MS = 600_000; // the first compiles all of XS
const program = findMosquitto();
const why = whyNoSdk() ?? (program === undefined ? "mosquitto is not installed" : undefined);
if (why) console.warn(`host-tests/engine/sdk-identity.test.ts: skipped, ${why}`);

describe.skipIf(why)(
	`the firmware on the SDK's engine, with a certificate of its own${why ? ` (skipped: ${why})` : ""}`,
	() => {
		const scratch = new Scratch();
		let broker: StrictMosquitto;
		let running: Running | undefined;

		beforeAll(async () => {
			broker = await startStrictMosquitto(program as string, scratch);
		});
		afterEach(async () => {
			await running?.stop();
			running = undefined;
		});
		afterAll(async () => {
			await broker?.close();
			scratch.remove();
		});

		async function start(id: string, more: object): Promise<Running> {
			const settings = { id, broker: { url: `mqtts://127.0.0.1:${broker.port}`, ca: broker.ca, ...more } };
			const firmware = await buildFirmware({ target: "simulator", platform: "lin", name: "farpin-identity", settings });
			running = await runHeadless(firmware);
			return running;
		}

		/** The pin of the root, and one of a key kept in reserve. */
		function pins(): string[] {
			const { publicKey } = new X509Certificate(readFileSync(broker.ca));
			const info = publicKey.export({ type: "spki", format: "der" });
			return [info, Buffer.from("reserve")].map((key) => `sha256/${createHash("sha256").update(key).digest("base64")}`);
		}

		it.each(["rsa2048", "p256"] as const)(
			"is let in by Mosquitto and called by its name, with %s, pins and an application protocol",
			async (kind) => {
				const name = `chip-${kind}`;
				const device = await start(name, { ...(await broker.device(name, kind)), pins: pins(), alpn: "mqtt" });
				await device.line(/^link: online/);
				await expect
					.poll(() => broker.lines.some((line) => line.includes(`farpin-${name}`) && line.includes(`u'${name}'`)))
					.toBe(true);
				expect((await device.stop()).code).toBe(0);
			},
			BUILD_MS,
		);

		it(
			"is told what is wrong with a certificate by an authority that the broker does not know, and stays alive",
			async () => {
				const device = await start("chip-stranger", await broker.device("chip-stranger", "p256", false));
				await device.line(/^link: waiting.*it does not know who issued this device's certificate/);
				await device.line(/^link: tcp/, 20_000, device.lines.length);
				expect(device.lines.some((line) => line.startsWith("link: online"))).toBe(false);
				expect((await device.stop()).code).toBe(0);
			},
			BUILD_MS,
		);
	},
);
