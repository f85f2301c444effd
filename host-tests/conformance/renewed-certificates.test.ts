import { readFileSync, writeFileSync } from "node:fs";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { replaceableSettings } from "../../firmware/trust/credentials.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { readTarget, tlsPolicy } from "../../scripts/start/target.js";
import { settingsCommand } from "../../scripts/trust/settings-command.js";
import { sealToken, signCommand } from "../../scripts/trust/sign.js";
import benchDevice from "../scripts/bench-device.js";
import { Scratch } from "../scripts/rig.js";
import { ellipticKey, sealingKey } from "../trust/owner.js";
import { findMosquitto } from "./mosquitto.js";
import { type DeviceFiles, type StrictMosquitto, startStrictMosquitto } from "./strict-mosquitto.js";

const program = findMosquitto();
const why = program === undefined ? " (skipped: mosquitto is not installed)" : "";
const TRIAL_MS = 30_000;

describe.skipIf(program === undefined)(`a certificate replaced from afar, at Mosquitto${why}`, () => {
	const scratch = new Scratch();
	const [owner, reader] = [ellipticKey("owner"), sealingKey("reader")];
	let broker: StrictMosquitto;
	let client: MqttClient;
	let device: SimulatedDevice;
	const said: string[] = [];

	beforeAll(async () => {
		broker = await startStrictMosquitto(program as string, scratch);
		const files = await broker.device("owner", "p256");
		client = await connectAsync(`mqtts://localhost:${broker.port}`, {
			ca: readFileSync(broker.ca),
			cert: readFileSync(files.certificate),
			key: readFileSync(files.key),
		});
		client.on("message", (_topic, payload) => void said.push(payload.toString()));
		await client.subscribeAsync(["farpin/moved/result", "farpin/moved/event"], { qos: 1 });
		device = start(await broker.device("first", "p256"));
		await vi.waitFor(() => expect(device.link.state).toBe("online"), { timeout: 10_000 });
	});
	afterAll(async () => {
		await device?.stop();
		await client?.endAsync();
		await broker?.close();
		scratch.remove();
	});

	function start({ certificate, key }: DeviceFiles): SimulatedDevice {
		const url = `mqtts://localhost:${broker.port}`;
		const target = readTarget({ url, ca: broker.ca, insecurePlain: false, cert: certificate, key });
		const { host, port } = target;
		const keys = [owner.line, reader.line];
		const started = new SimulatedDevice({
			device: { ...benchDevice, signing: signedCommands({ settings: replaceableSettings }) },
			settings: { id: "moved", keys, broker: { host, port, tls: tlsPolicy(target) } },
			uniqueId: "0123456789ab",
			storePath: scratch.path("moved-store.json"),
		});
		started.start();
		return started;
	}

	/** As `npx farpin send --settings` does it. */
	async function replace(id: string, { certificate, key }: DeviceFiles): Promise<void> {
		const path = scratch.path("new.json");
		writeFileSync(
			path,
			JSON.stringify({ broker: { url: `mqtts://localhost:${broker.port}`, ca: broker.ca, certificate, key } }),
		);
		const command = { id, ...settingsCommand(path).command };
		const token = signCommand(owner, { device: "moved", command, nowMs: Date.now(), validS: 60 });
		await client.publishAsync("farpin/moved/command", sealToken(token, reader), { qos: 1 });
	}

	it.each(["p256", "rsa2048"] as const)(
		"is the one that the broker sees from then on, with %s",
		async (kind) => {
			said.length = 0;
			await replace(kind, await broker.device(`second-${kind}`, kind));
			const kept = '"event":"settings","outcome":"applied"';
			await vi.waitFor(() => expect(said.join("\n")).toContain(kept), { timeout: TRIAL_MS, interval: 50 });
			expect(said[0]).toBe(`{"id":"${kind}","outcome":"applied"}`);
			expect(broker.lines.some((line) => line.includes("farpin-moved") && line.includes(`u'second-${kind}'`))).toBe(
				true,
			);
		},
		TRIAL_MS,
	);
});
