import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readSettings } from "../../scripts/build/settings.js";
import { settingsImage } from "../../scripts/provision/settings-image.js";
import { eraseSimulator, putIntoSimulator } from "../../scripts/provision/simulator.js";
import { findMosquitto } from "../conformance/mosquitto.js";
import { startStrictMosquitto } from "../conformance/strict-mosquitto.js";
import { Scratch } from "../scripts/rig.js";
import {
	buildFirmware,
	type Firmware,
	type Memory,
	type Running,
	runHeadless,
	WORK,
	whyNoSdk,
} from "./headless/headless.js";
import { type Certificates, Mosquitto, makeCertificates, whyNoMosquitto } from "./headless/mosquitto.js";

const BUILD_MS = 600_000; // the first compiles all of XS
const NAME = "farpin-provisioned";
const STORAGE = join(WORK, NAME, "firmware/simulator/storage");
const PARTITION_BYTES = 16_384;

const why = whyNoSdk() ?? whyNoMosquitto();
if (why) console.warn(`host-tests/engine/sdk-provision.test.ts: skipped, ${why}`);

describe.skipIf(why)(`a firmware without settings on the SDK's engine${why ? ` (skipped: ${why})` : ""}`, () => {
	const folder = resolve(import.meta.dirname, "../../build/engine/provision-broker");
	let certificates: Certificates;
	let broker: Mosquitto;
	let firmware: Firmware;
	let running: Running | undefined;
	let client: MqttClient | undefined;

	beforeAll(async () => {
		certificates = makeCertificates(folder);
		broker = await Mosquitto.start(folder, certificates);
		firmware = await buildFirmware({ target: "simulator", platform: "lin", name: NAME });
	}, BUILD_MS);
	afterEach(async () => {
		await client?.endAsync(true);
		await running?.stop();
		client = running = undefined;
		eraseSimulator(STORAGE);
	});
	afterAll(async () => {
		await broker?.goAway();
	});

	/** The image of these settings, as `npx farpin provision` makes it. */
	function imageOf(settings: object): Buffer {
		const path = join(folder, "settings.json");
		writeFileSync(path, JSON.stringify(settings));
		return settingsImage(readSettings(path, { wifi: false }), PARTITION_BYTES);
	}

	async function start(image?: Uint8Array, built = firmware): Promise<Running> {
		eraseSimulator(STORAGE);
		if (image !== undefined) putIntoSimulator(STORAGE, image);
		running = await runHeadless(built);
		return running;
	}

	/** What `device` publishes, and that it obeys. */
	async function use(device: Running, id: string): Promise<Memory> {
		const seen = new Map<string, string>();
		client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
		client.on("message", (topic, payload) => void seen.set(topic, payload.toString()));
		await client.subscribeAsync("farpin/#", { qos: 1 });
		await device.line(/^link: online/);
		await expect.poll(() => seen.get(`farpin/${id}/telemetry`), { timeout: 20_000 }).toBeDefined();
		await client.publishAsync(`farpin/${id}/pump/set`, "ON", { qos: 1 });
		await device.line(/^pin 26: 0$/);
		return await device.memory();
	}

	const plain = (id: string) => ({ id, broker: { url: `mqtt://127.0.0.1:${broker.port}`, insecurePlain: true } });

	it("keeps its outputs safe, and says in one sentence what is missing and what helps", async () => {
		const device = await start();
		await device.line(/^pin 26: 1$/); // active low
		const sentence =
			"link: network, because the network cannot be started: this board has no settings: put them onto it with npx farpin provision";
		await device.line(new RegExp(`^${sentence}$`));
		const memory = await device.memory();
		expect(device.lines.filter((line) => line.startsWith("link:"))).toEqual(["link: network", sentence]);
		console.log(`XS slots in use without settings: ${memory.slots}`);
		expect((await device.stop()).code).toBe(0);
	});

	it("works with those that were put onto it, over TCP", async () => {
		const memory = await use(await start(imageOf(plain("given"))), "given");
		console.log(
			`the reference device with settings that were put onto it, over TCP: ${memory.slots} slots, chunks ${memory.chunkBytes} bytes`,
		);
	});

	it("and over TLS, with the root in memory", async () => {
		const settings = { id: "given-tls", broker: { url: `mqtts://127.0.0.1:${broker.tlsPort}`, ca: certificates.root } };
		const memory = await use(await start(imageOf(settings)), "given-tls");
		console.log(
			`the same over TLS: ${memory.slots} slots, chunks ${memory.chunkBytes} bytes, at most ${memory.chunkPeak}`,
		);
	});

	it("and with a certificate and a key of its own, to a broker that wants to see one", async () => {
		const scratch = new Scratch();
		const strict = await startStrictMosquitto(findMosquitto() as string, scratch);
		try {
			const own = await strict.device("given-own", "p256");
			const url = `mqtts://127.0.0.1:${strict.port}`;
			const device = await start(imageOf({ id: "given-own", broker: { url, ca: strict.ca, ...own, alpn: "mqtt" } }));
			await device.line(/^link: online/);
			await expect.poll(() => strict.lines.some((line) => line.includes("u'given-own'"))).toBe(true);
			const { slots, chunkBytes } = await device.memory();
			console.log(`the same with a certificate of its own: ${slots} slots, chunks ${chunkBytes} bytes`);
		} finally {
			await strict.close();
			scratch.remove();
		}
	});

	it("takes none that are not whole, and says so", async () => {
		const image = imageOf(plain("torn"));
		image.fill(0xff, 60); // the power went while they were written
		const device = await start(image);
		await device.line(/^The settings on this board cannot be used: they are not whole\.$/);
		await device.line(/this board has no settings: put them onto it/);
		expect((await device.stop()).code).toBe(0);
	});

	it(
		"goes before those of the build with all that it was given, and nothing of theirs is left",
		async () => {
			const settings = { ...plain("built"), root: "built-root", timeServer: "127.0.0.9" };
			const built = await buildFirmware({ target: "simulator", platform: "lin", name: NAME, settings });
			await use(await start(imageOf(plain("given")), built), "given");
			await running?.stop();
			const device = await start(imageOf(plain("torn")).fill(0, 60), built);
			await device.line(/^The settings on this board cannot be used: they are not whole\.$/);
			const seen: string[] = [];
			client?.on("message", (topic) => void seen.push(topic));
			await client?.subscribeAsync("built-root/built/status", { qos: 1 });
			await device.line(/^link: online/);
			await expect.poll(() => seen, { timeout: 20_000 }).toContain("built-root/built/status");
		},
		BUILD_MS,
	);
});
