import "../../scripts/pki/reflect.js";
import { webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOwnerKey } from "../../scripts/trust/key-files.js";
import { openMessage } from "../../scripts/trust/open.js";
import { sealToken, signCommand } from "../../scripts/trust/sign.js";
import { Scratch } from "../scripts/rig.js";
import { issue, makeKeys, root } from "../security/pki.js";
import { ellipticKey, sealingKey, sharedKey } from "../trust/owner.js";
import { buildFirmware, compileHost, type Firmware, type Running, runHeadless, whyNoSdk } from "./headless/headless.js";
import { Mosquitto, makeCertificates, whyNoMosquitto } from "./headless/mosquitto.js";

const BUILD_MS = 600_000; // the first compiles all of XS

const why = whyNoSdk() ?? whyNoMosquitto();
if (why) console.warn(`host-tests/engine/sdk-trust.test.ts: skipped, ${why}`);

describe.skipIf(why)(`signed and sealed on the SDK's engine${why ? ` (skipped: ${why})` : ""}`, () => {
	const folder = resolve(import.meta.dirname, "../../build/engine/trust-broker");
	const scratch = new Scratch();
	const owner = sharedKey("owner");
	const laptop = ellipticKey("laptop");
	const reader = sealingKey("reader");
	const seen = new Map<string, Buffer>();
	const results: Record<string, unknown>[] = [];
	let broker: Mosquitto;
	let firmware: Firmware;
	let running: Running;
	let client: MqttClient;

	beforeAll(async () => {
		broker = await Mosquitto.start(folder, makeCertificates(folder));
		await compileHost();
		const keys = [
			{ kty: "oct", kid: "owner", alg: "HS256", k: owner.secret.toString("base64url") },
			{ ...laptop.secret.export({ format: "jwk" }), kid: "laptop", alg: "ES256" },
			{ kty: "oct", kid: "reader", alg: "A256GCM", k: reader.secret.toString("base64url") },
		].map((jwk) => {
			const path = scratch.path(`${jwk.kid}.json`);
			writeFileSync(path, JSON.stringify(jwk));
			expect(readOwnerKey(path, "").line).toBe([owner, laptop, reader].find(({ id }) => id === jwk.kid)?.line);
			return path;
		});
		const settings = { id: "trusting", broker: { url: `mqtt://127.0.0.1:${broker.port}`, insecurePlain: true }, keys };
		const entry = "host-tests/engine/firmware/trusting.ts";
		firmware = await buildFirmware({ target: "simulator", platform: "lin", name: "farpin-trust", settings, entry });
		client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
		client.on("message", (topic, payload) => {
			const below = topic.slice("farpin/trusting/".length);
			if (["status", "about", "command", "pump/set"].includes(below)) return;
			const { payload: opened, proof } = openMessage(payload, topic, [reader]);
			expect(proof).toBe("sealed");
			seen.set(below, opened);
			if (below === "result") results.push(JSON.parse(opened.toString()) as Record<string, unknown>);
		});
		await client.subscribeAsync("farpin/trusting/#", { qos: 1 });
		running = await runHeadless(firmware);
		await running.line(/^link: online/);
	}, BUILD_MS);
	afterAll(async () => {
		await client?.endAsync(true);
		await running?.stop();
		await broker?.goAway();
		scratch.remove();
	});

	async function send(topic: string, payload: string): Promise<void> {
		await client.publishAsync(`farpin/trusting/${topic}`, payload, { qos: 1 });
	}

	const command = (id: string, pump: string) => ({
		device: "trusting",
		command: { id, set: { pump } },
		nowMs: Date.now(),
		validS: 60,
	});

	it("carries out what is signed, by either kind of key, sealed or not, and nothing else", async () => {
		const replayed = signCommand(owner, command("1", "ON"));
		await send("command", replayed);
		await expect.poll(() => results).toEqual([{ id: "1", outcome: "applied" }]);
		await send("command", signCommand(laptop, command("2", "OFF")));
		await expect.poll(() => results.at(-1)).toEqual({ id: "2", outcome: "applied" });
		await send("command", sealToken(signCommand(laptop, command("3", "ON")), reader));
		await expect.poll(() => results.at(-1)).toEqual({ id: "3", outcome: "applied" });
		await send("command", signCommand(sharedKey("owner"), command("4", "OFF")));
		await expect.poll(() => results.at(-1)?.reason).toContain("not made with the key owner");
		await send("command", signCommand(ellipticKey("laptop"), command("5", "OFF")));
		await expect.poll(() => results.at(-1)?.reason).toContain("not made with the key laptop");
		await send("pump/set", "OFF");
		await expect.poll(() => results.at(-1)).toMatchObject({ entity: "pump", outcome: "refused" });
		expect(running.lines.filter((line) => line.startsWith("pin 26:"))).toEqual([
			"pin 26: 1",
			"pin 26: 0",
			"pin 26: 1",
			"pin 26: 0",
		]);
	});

	it("seals what it measures, and takes no more memory for all this than before", async () => {
		await expect.poll(() => seen.get("telemetry"), { timeout: 20_000 }).toBeDefined();
		expect(JSON.parse(String(seen.get("telemetry")))).toMatchObject({ boot: expect.any(Number) });
		const memory = await running.memory();
		console.log(
			`XS slots in use, reference device that signs and seals, online over TCP: ${memory.slots}; chunks ${memory.chunkBytes} bytes, at most ${memory.chunkPeak}`,
		);
		// All at once: they come in one segment, and each is an event and a result that wait for the broker.
		const all = Array.from({ length: 20 }, (_, n) => signCommand(laptop, command(`n${n}`, n % 2 === 0 ? "OFF" : "ON")));
		for (const token of all) void send("command", token);
		await expect.poll(() => results.at(-1)?.id, { timeout: 30_000 }).toBe("n19");
		expect(results.slice(-20).map(({ id }) => id)).toEqual(all.map((_, n) => `n${n}`));
		const later = await running.memory();
		expect(later.slots).toBeLessThanOrEqual(memory.slots + 24); // eight commands are remembered
		expect(later.keys).toBe(memory.keys);
	});

	it("reads new settings as large as they come, and says of a device on plain TCP why it does not want them", async () => {
		const by = await root({ key: "rsa2048", nowMs: Date.now() });
		const own = await issue({ by, key: "rsa2048", keys: await makeKeys("rsa2048"), names: [], nowMs: Date.now() });
		const encoded = (bytes: ArrayBuffer | Uint8Array) => Buffer.from(bytes as Uint8Array).toString("base64url");
		const key = encoded(await webcrypto.subtle.exportKey("pkcs8", own.keys.privateKey));
		const certificate = [own, by].map(({ der }) => encoded(der));
		const move = async (id: string, settings: object) => {
			const more = { device: "trusting", nowMs: Date.now(), validS: 60 };
			const token = sealToken(signCommand(laptop, { ...more, command: { id, settings } }), reader);
			const count = results.length;
			await send("command", token);
			await expect
				.poll(() => results.length, { timeout: 30_000, message: running.lines.slice(-9).join("\n") })
				.toBe(count + 1);
			return [token.length, results.at(-1)?.reason] as const;
		};
		const before = await running.memory();
		const [bytes, reason] = await move("large", { certificate, key });
		expect(reason).toContain("a certificate is for TLS");
		expect((await move("foreign", { certificate: certificate.slice(1), key }))[1]).toContain("does not belong");
		const memory = await running.memory();
		console.log(
			`settings of ${bytes} bytes, signed with ES256 and sealed: chunks ${before.chunkBytes} bytes before, at most ${before.chunkPeak}; then ${memory.chunkBytes}, at most ${memory.chunkPeak}; slots ${before.slots}, then ${memory.slots}`,
		);
		expect(memory.keys).toBe(before.keys);
	});
});
