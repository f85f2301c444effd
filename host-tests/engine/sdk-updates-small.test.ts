import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { signingKey } from "../../scripts/release/keys.js";
import { signRelease } from "../../scripts/release/sign.js";
import { compileHost, type Running, WORK, whyNoSdk } from "./headless/headless.js";
import { type Certificates, Mosquitto, makeCertificates, whyNoMosquitto } from "./headless/mosquitto.js";
import { FLASH_SLOTS_BYTES, imageOf, serveRelease, startRenewing } from "./headless/renewing.js";
import { heapsOf, leftInSmallest } from "./headless/smallest.js";

const BUILD_MS = 240_000;
/** Less than there is on an ESP32-C3. */
const SLOTS = 1_800;
const CHUNK_BYTES = 40_000;

const why = whyNoSdk() ?? whyNoMosquitto();
if (why) console.warn(`host-tests/engine/sdk-updates-small.test.ts: skipped, ${why}`);

describe.skipIf(why)(`a release fetched over HTTPS beside MQTT over TLS${why ? ` (skipped: ${why})` : ""}`, () => {
	const home = join(WORK, "small-home");
	const folder = join(WORK, "small-broker");
	const reports: Record<string, unknown>[] = [];
	let certificates: Certificates;
	let broker: Mosquitto;
	let device: Running;
	let client: MqttClient;
	let issued = Math.floor(Date.now() / 1_000);

	beforeAll(async () => {
		vi.stubEnv("FARPIN_HOME", home);
		certificates = makeCertificates(folder);
		broker = await Mosquitto.start(folder, certificates);
		await compileHost();
		device = await startRenewing(broker, certificates, heapsOf(SLOTS, CHUNK_BYTES + FLASH_SLOTS_BYTES));
		client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`);
		client.on("message", (_, payload) => void reports.push(JSON.parse(String(payload)) as Record<string, unknown>));
		await client.subscribeAsync("farpin/renewing/update");
	}, BUILD_MS);
	afterAll(async () => {
		vi.unstubAllEnvs();
		await client?.endAsync(true);
		await device?.stop();
		await broker?.goAway();
	});

	/** Orders a release from this address. */
	async function order(image: Uint8Array, url: string): Promise<void> {
		const facts = { device: "Greenhouse", target: "esp32", version: "1.1.0", issued: ++issued };
		const manifest = signRelease(image, facts, signingKey(home));
		await client.publishAsync("farpin/renewing/update", JSON.stringify({ manifest, url }), { qos: 1 });
	}

	/** A chain that is right, and larger than anybody needs. */
	function fatChain(): string {
		const names = Array.from({ length: 250 }, (_, n) => `DNS:number-${n}.of-very-many.example.org`);
		writeFileSync(join(folder, "fat.ext"), `subjectAltName=IP:127.0.0.1,${names.join(",")}\n`);
		const by = ["-CA", "intermediate.pem", "-CAkey", "intermediate.key", "-CAcreateserial", "-days", "30"];
		const fat = ["x509", "-req", "-in", "server.csr", ...by, "-extfile", "fat.ext", "-out", "fat.pem"];
		execFileSync("openssl", fat, { cwd: folder, stdio: "pipe" });
		const chain = join(folder, "fat-chain.pem");
		writeFileSync(
			chain,
			["fat", "intermediate"].map((name) => readFileSync(join(folder, `${name}.pem`), "utf8")).join(""),
		);
		return chain;
	}

	it("fits with room to spare into the memory of an ESP32-C3, and a stranger's handshake that would not is refused", async () => {
		const image = imageOf("1.1.0");
		const [fat, lean] = [await serveRelease(certificates, image, fatChain()), await serveRelease(certificates, image)];
		await order(image, fat.url);
		await expect
			.poll(() => reports.map(({ reason }) => String(reason)), { timeout: 30_000 })
			.toContainEqual(expect.stringContaining("its handshake is longer than there is room for"));
		await order(image, lean.url);
		// What follows a restart is another story: there both firmwares would share the memory of one.
		await expect.poll(() => reports.map(({ state }) => state), { timeout: 30_000 }).toContain("restarting");
		expect(device.lines.filter((line) => line === "link: online")).toHaveLength(1);
		console.log(
			`fetched over HTTPS beside MQTT over TLS in ${SLOTS} slots and ${CHUNK_BYTES} bytes of chunks: ` +
				`${leftInSmallest(SLOTS, CHUNK_BYTES)} bytes less than the engine has on an ESP32-C3`,
		);
		await fat.close();
		await lean.close();
	}, 90_000);
});
