import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
	buildFirmware,
	compileHost,
	type Firmware,
	linkXs,
	type Running,
	runHeadless,
	whyNoSdk,
} from "./headless/headless.js";
import { type Certificates, Mosquitto, makeCertificates, whyNoMosquitto } from "./headless/mosquitto.js";
import { CHIP_SLOT_BYTES, SMALLEST } from "./headless/smallest.js";

const SLOT_BYTES_MAX = 16 * 1024;
// The first build compiles all of XS, which takes half a minute on two cores; later ones find it made.
const BUILD_MS = 180_000;

const APP = "farpin-on-lin";

const why = whyNoSdk();
const whyNoBroker = why ?? whyNoMosquitto();
if (whyNoBroker) console.warn(`host-tests/engine/sdk.test.ts: ${why ? "all" : "half of it"} skipped, ${whyNoBroker}`);

describe.skipIf(whyNoBroker)(
	`the firmware on the SDK's engine${whyNoBroker ? ` (skipped: ${whyNoBroker})` : ""}`,
	() => {
		const folder = resolve(import.meta.dirname, "../../build/engine/broker");
		let certificates: Certificates;
		let broker: Mosquitto;
		let running: Running | undefined;
		let client: MqttClient | undefined;

		beforeAll(async () => {
			certificates = makeCertificates(folder);
			broker = await Mosquitto.start(folder, certificates);
			await compileHost();
		}, BUILD_MS);
		afterEach(async () => {
			await client?.endAsync(true);
			await running?.stop();
			client = running = undefined;
		});
		afterAll(async () => {
			await broker?.goAway();
		});

		/** Watches what `device` publishes, as any client would. */
		async function watch(device: string): Promise<Map<string, string>> {
			const seen = new Map<string, string>();
			client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
			client.on("message", (topic, payload) => {
				seen.set(topic.slice(`farpin/${device}/`.length), payload.toString());
			});
			await client.subscribeAsync(`farpin/${device}/#`, { qos: 1 });
			return seen;
		}

		async function start(firmware: Firmware): Promise<Running> {
			running = await runHeadless(firmware);
			return running;
		}

		describe("over plain TCP", () => {
			let firmware: Firmware;

			beforeAll(async () => {
				const settings = { id: "plain", broker: { url: `mqtt://127.0.0.1:${broker.port}`, insecurePlain: true } };
				firmware = await buildFirmware({ target: "simulator", platform: "lin", name: APP, settings });
			}, BUILD_MS);

			it("comes online in 16 KB of slots and switches the relay", async () => {
				const seen = await watch("plain");
				const device = await start(firmware);
				await device.line(/^link: online/);
				await expect.poll(() => seen.get("telemetry"), { timeout: 20_000 }).toBeDefined();
				expect(seen.get("status")).toBe("online");
				expect(Object.keys(JSON.parse(seen.get("about") ?? "{}"))).toContain("entities");

				await client?.publishAsync("farpin/plain/pump/set", "ON", { qos: 1 });
				await device.line(/^pin 26: 0$/); // active low
				await expect.poll(() => seen.get("pump/state")).toBe("ON");

				const memory = await device.memory();
				console.log(
					`XS slots in use, reference device online over TCP: ${memory.slots} (${memory.slotBytes} bytes of ${SLOT_BYTES_MAX}),` +
						` at most ${memory.slotPeak}; chunks ${memory.chunkBytes} bytes, at most ${memory.chunkPeak}; keys ${memory.keys}`,
				);
				expect(memory.slotBytes).toBeLessThanOrEqual(SLOT_BYTES_MAX);
				expect((await device.stop()).code).toBe(0);
			});

			it("uses no more memory and no more keys as time passes and messages come", async () => {
				const device = await start(firmware);
				await device.line(/^link: online/);
				await watch("plain");
				const exercise = async (from: number) => {
					for (let n = from; n < from + 50; n++) {
						await client?.publishAsync("farpin/plain/target/set", String(10 + (n % 20)), { qos: 1 });
						await client?.publishAsync(`farpin/plain/nobody-${n}/set`, "ON", { qos: 1 });
					}
					await new Promise((done) => setTimeout(done, 1_000));
					return device.memory();
				};
				const first = await exercise(0);
				const second = await exercise(50);
				expect(second.slots).toBeLessThanOrEqual(first.slots + 4);
				expect(second.chunkBytes).toBeLessThanOrEqual(first.chunkBytes + 512);
				expect(second.keys).toBe(first.keys);
			});

			it("comes back when the broker was away", async () => {
				const device = await start(firmware);
				await device.line(/^link: online/);
				await broker.goAway();
				await device.line(/^link: (waiting|connecting|name)/, 20_000, device.lines.length);
				const from = device.lines.length;
				await broker.comeBack();
				await device.line(/^link: online/, 45_000, from);
			});
		});

		it(
			"survives a firmware that throws in every callback",
			async () => {
				const settings = { broker: { url: `mqtt://127.0.0.1:${broker.port}`, insecurePlain: true } };
				const entry = "manifests/simulator/throwing.ts";
				const firmware = await buildFirmware({ target: "simulator", platform: "lin", name: APP, settings, entry });
				const device = await start(firmware);
				await device.line(/^still here$/);
				for (const callback of [
					"onNetwork",
					"onResolved",
					"onOpen",
					"onData",
					"onWritable",
					"onClose",
					"onAlarm 1",
					"onAlarm 2",
				]) {
					expect(device.lines).toContain(`panic: ${callback}`);
				}
				expect((await device.stop()).code).toBe(0);
			},
			BUILD_MS,
		);

		describe("over TLS", () => {
			it(
				"comes online, checks the chain, and publishes",
				async () => {
					const settings = { id: "tls", broker: { url: `mqtts://127.0.0.1:${broker.tlsPort}`, ca: certificates.root } };
					const firmware = await buildFirmware({ target: "simulator", platform: "lin", name: APP, settings });
					const seen = await watch("tls");
					const device = await start(firmware);
					await device.line(/^link: online/);
					await expect.poll(() => seen.get("telemetry"), { timeout: 20_000 }).toBeDefined();
					await client?.publishAsync("farpin/tls/pump/set", "ON", { qos: 1 });
					await device.line(/^pin 26: 0$/);
					const memory = await device.memory();
					console.log(
						`the same over TLS: ${memory.slots} slots (${memory.slotBytes} bytes), at most ${memory.slotPeak} with the handshake;` +
							` chunks ${memory.chunkBytes} bytes, at most ${memory.chunkPeak}`,
					);
				},
				BUILD_MS,
			);

			it(
				"lives in the heaps of the smallest board: handshake, messages, and another handshake",
				async () => {
					const settings = {
						id: "small",
						broker: { url: `mqtts://127.0.0.1:${broker.tlsPort}`, ca: certificates.root },
					};
					const creation = SMALLEST;
					const firmware = await buildFirmware({ target: "simulator", platform: "lin", name: APP, settings, creation });
					const seen = await watch("small");
					const device = await start(firmware);
					await device.line(/^link: online/);
					const shaken = await device.memory();
					await expect.poll(() => seen.get("telemetry"), { timeout: 20_000 }).toBeDefined();
					await client?.publishAsync("farpin/small/pump/set", "ON", { qos: 1 });
					await device.line(/^pin 26: 0$/);
					const rest = await device.memory();
					await broker.goAway();
					await device.line(/^link: (waiting|connecting|name)/, 20_000, device.lines.length);
					const from = device.lines.length;
					await broker.comeBack();
					await device.line(/^link: online/, 45_000, from);
					console.log(
						`over TLS in the heaps of an ESP32-C3: at rest ${rest.slots} slots (${rest.slots * CHIP_SLOT_BYTES} bytes there) and ` +
							`${rest.chunkBytes} bytes of chunks; in the handshake at most ${shaken.slotPeak} of ${SMALLEST.heap.initial} slots ` +
							`and ${shaken.chunkPeak} of ${SMALLEST.chunk.initial} bytes of chunks, garbage included`,
					);
					expect((await device.stop()).code).toBe(0);
				},
				BUILD_MS,
			);

			it(
				"says that it does not trust the broker, and stays alive",
				async () => {
					const other = makeCertificates(join(folder, "other"));
					const settings = { id: "wary", broker: { url: `mqtts://127.0.0.1:${broker.tlsPort}`, ca: other.root } };
					const firmware = await buildFirmware({ target: "simulator", platform: "lin", name: APP, settings });
					const device = await start(firmware);
					await device.line(/^link: waiting.*TLS refused: its certificate is forged/);
					// Once more, from the pause on: refusing has cost the device nothing.
					await device.line(/^link: tcp/, 20_000, device.lines.length);
					expect(device.lines.some((line) => line.startsWith("link: online"))).toBe(false);
					expect((await device.stop()).code).toBe(0);
				},
				BUILD_MS,
			);
		});
	},
);

describe.skipIf(why)(`the firmware for chips${why ? ` (skipped: ${why})` : ""}`, () => {
	// Nothing is connected to: for the bundle and the link only the shape matters.
	const settings = {
		wifi: { ssid: "a network", password: "its password" },
		broker: { url: "mqtt://broker.example", insecurePlain: true },
	};

	it.each([
		["esp32", "esp32/nodemcu"],
		["esp32c3", "esp32/esp32c3_cdc"],
		["esp32s3", "esp32/esp32s3"],
	] as const)(
		"%s: every module is found, and all but the entry go to flash",
		async (target, platform) => {
			const name = `farpin-${target}`;
			const firmware = await buildFirmware({ target, platform, name, settings, resolveOnly: true });
			const makefile = readFileSync(join(firmware.folder, "makefile"), "utf8");
			const modules = new Set([...makefile.matchAll(/^\t\$\(MODULES_DIR\)\/(\S+?)\.xsb/gm)].map((match) => match[1]));
			const preloads = new Set([...makefile.matchAll(/^\t-p (\S+?)\.xsb/gm)].map((match) => match[1]));
			expect(modules).toContain("farpin");
			expect([...modules].filter((module) => !preloads.has(module))).toEqual(["main"]);
			// Boards switch this on, and a light that nobody asked for off again.
			expect(readFileSync(join(firmware.folder, "mc.config.js"), "utf8")).not.toMatch(
				/"rainbow": true|"ssid": .*\n.*"sntp"/,
			);

			const { source } = await linkXs(firmware);
			expect(existsSync(source)).toBe(true);
		},
		BUILD_MS,
	);
});
