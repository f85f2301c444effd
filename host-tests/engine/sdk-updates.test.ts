import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { deliver } from "../../scripts/release/deliver.js";
import { type SigningKey, signingKey } from "../../scripts/release/keys.js";
import { type ReleaseFacts, signRelease } from "../../scripts/release/sign.js";
import {
	buildFirmware,
	compileHost,
	type Firmware,
	linkXs,
	type Running,
	WORK,
	whyNoSdk,
} from "./headless/headless.js";
import { type Certificates, Mosquitto, makeCertificates, whyNoMosquitto } from "./headless/mosquitto.js";
import { imageOf, serveRelease, startRenewing } from "./headless/renewing.js";

const why = whyNoSdk();
const whyNoBroker = why ?? whyNoMosquitto();
if (why) console.warn(`host-tests/engine/sdk-updates.test.ts: skipped, ${why}`);

/** The reference device, which asks for updates only here. */
const ENTRY = "host-tests/engine/firmware/renewed.ts";
/** The key that releases are signed with is made there, and not where the owner's is. */
const HOME = join(WORK, "renewed-home");
beforeAll(() => {
	vi.stubEnv("FARPIN_HOME", HOME);
});
afterAll(() => {
	vi.unstubAllEnvs();
});

const BUILD_MS = 240_000;
const FLASH_BYTES = 0x400000; // of the boards that the SDK builds for
const APP_ALIGNMENT = 0x10000;

/** Nothing is connected to: for the bundle and the link only the shape matters. */
const settings = {
	wifi: { ssid: "a network", password: "its password" },
	broker: { url: "mqtt://broker.example", insecurePlain: true },
};

/** What mcconfig made for ESP-IDF, and would hand to it. */
function projectFile({ folder }: Firmware, name: string): string {
	const project = readdirSync(folder).find((entry) => entry.startsWith("xsProj-"));
	return readFileSync(join(folder, project ?? "", name), "utf8");
}

/** The value that ESP-IDF takes: of several, the last. */
function configured(sdkconfig: string, name: string): string | undefined {
	return sdkconfig
		.match(new RegExp(`^${name}=.*$`, "gm"))
		?.at(-1)
		?.slice(name.length + 1);
}

describe.skipIf(why)(`a firmware for chips that is renewed from afar${why ? ` (skipped: ${why})` : ""}`, () => {
	it.each([
		["esp32", "esp32/nodemcu"],
		["esp32c3", "esp32/esp32c3_cdc"],
		["esp32s3", "esp32/esp32s3"],
	] as const)(
		"%s: is linked with the SDK's writer of images, for a boot loader that goes back",
		async (target, platform) => {
			const name = `farpin-renewed-${target}`;
			const firmware = await buildFirmware({
				target,
				platform,
				name,
				settings,
				entry: ENTRY,
				updates: true,
				resolveOnly: true,
			});
			const makefile = readFileSync(join(firmware.folder, "makefile"), "utf8");
			expect(makefile).toMatch(/update-esp32\.c/);
			expect(readFileSync(join(firmware.folder, "mc.config.js"), "utf8")).toMatch(/"releaseKeys": /);
			const { source } = await linkXs(firmware);
			expect(readFileSync(source, "utf8")).toMatch(/xs_update_complete/);
			console.log(`${target}: ${bytecode(firmware)} bytes of bytecode for the reference device with updates`);

			const sdkconfig = projectFile(firmware, "sdkconfig.mc");
			expect(configured(sdkconfig, "CONFIG_BOOTLOADER_APP_ROLLBACK_ENABLE")).toBe("y");
			expect(configured(sdkconfig, "CONFIG_BOOTLOADER_SKIP_VALIDATE_ALWAYS")).not.toBe("y");
			expect(configured(sdkconfig, "CONFIG_ESP_TASK_WDT_EN")).toBe("y");
			expect(configured(sdkconfig, "CONFIG_ESP_TASK_WDT_PANIC")).toBe("y");
			expect(Number(configured(sdkconfig, "CONFIG_ESP_TASK_WDT_TIMEOUT_S"))).toBeGreaterThanOrEqual(10);

			const table = partitions(projectFile(firmware, "partitions.csv"));
			expect(table.map(({ name: one }) => one)).toEqual([
				"nvs",
				"phy_init",
				"ota_0",
				"ota_1",
				"otadata",
				"settings",
				"outbox",
			]);
			const slots = table.filter(({ type }) => type === "app");
			expect(slots.map(({ bytes }) => bytes)).toEqual([slots[0]?.bytes, slots[0]?.bytes]);
			for (const { at } of slots) expect(at % APP_ALIGNMENT).toBe(0);
			let end = 0;
			for (const { at, bytes } of table) {
				expect(at).toBeGreaterThanOrEqual(end);
				end = at + bytes;
			}
			expect(end).toBeLessThanOrEqual(FLASH_BYTES);
		},
		180_000,
	);

	it("and one that is not takes none of that with it", async () => {
		const target = { target: "esp32", platform: "esp32/nodemcu" } as const;
		const firmware = await buildFirmware({
			...target,
			name: "farpin-plain-esp32",
			settings,
			updates: false,
			resolveOnly: true,
		});
		expect(readFileSync(join(firmware.folder, "makefile"), "utf8")).not.toMatch(/update-esp32\.c/);
		const { source } = await linkXs(firmware);
		expect(readFileSync(source, "utf8")).not.toMatch(/xs_update_complete/);
		console.log(`esp32: ${bytecode(firmware)} bytes of bytecode without`);
	}, 180_000);
});

describe.skipIf(whyNoBroker)(
	`updates on the SDK's engine, sockets and TLS${whyNoBroker ? ` (skipped: ${whyNoBroker})` : ""}`,
	() => {
		const folder = join(WORK, "renewing-broker");
		let certificates: Certificates;
		let broker: Mosquitto;
		let device: Running;
		let issued = Math.floor(Date.now() / 1_000);

		beforeAll(async () => {
			certificates = makeCertificates(folder);
			broker = await Mosquitto.start(folder, certificates);
			await compileHost();
			device = await startRenewing(broker, certificates);
		}, BUILD_MS);
		afterAll(async () => {
			await device?.stop();
			await broker?.goAway();
		});

		/** What is told of a release on its way to the device, until it is at an end. */
		async function bring(
			image: Uint8Array,
			facts: Partial<ReleaseFacts>,
			more: { key?: SigningKey; url?: string } = {},
		) {
			const { key = signingKey(HOME), url } = more;
			const all = { device: "Greenhouse", target: "esp32", version: "1.1.0", issued: ++issued, ...facts };
			const order = JSON.stringify({ manifest: signRelease(image, all, key), url });
			const lines: string[] = [];
			const delivery = deliver({
				target: { host: "127.0.0.1", port: broker.port, roots: undefined, username: undefined, password: undefined },
				root: "farpin",
				devices: ["renewing"],
				orderFor: () => order,
				open: (_topic, payload) => payload,
				version: all.version,
				image,
				onLine: (_, line) => void lines.push(line),
			});
			const ended = device.ended.then(
				({ code, error }) => `ended ${code}: ${error}\n${device.lines.slice(-10).join("\n")}`,
			);
			const end = await Promise.race([delivery, ended]);
			if (typeof end === "string") throw new Error(`the device ${end}`);
			return lines;
		}

		it("refuses what is signed with another key, or for another target", async () => {
			const image = imageOf("1.1.0");
			const stranger = signingKey(join(WORK, "renewed-stranger"));
			const foreign = await bring(image, {}, { key: stranger });
			expect(foreign).toEqual(["refused: the release is signed with a key that this device does not know"]);
			const posing = { ...stranger, publicKey: signingKey(HOME).publicKey };
			expect(await bring(image, {}, { key: posing })).toEqual(["refused: the signature of the release is wrong"]);
			const other = await bring(image, { target: "esp32s3" });
			expect(other).toEqual(["refused: it is for the target esp32s3, and this is esp32"]);
		});

		it("installs a release that comes in MQTT blocks, and one that it fetches over HTTPS", async () => {
			expect((await bring(imageOf("1.1.0"), {})).slice(-3)).toEqual(["restarting", "trial", "confirmed"]);
			const image = imageOf("1.2.0");
			const server = await serveRelease(certificates, image);
			const fetched = await bring(image, { version: "1.2.0" }, server);
			await server.close();
			expect(fetched.slice(-3)).toEqual(["restarting", "trial", "confirmed"]);
		}, 60_000);

		it("refuses a version older than what runs, and goes back from one that leaves too little memory", async () => {
			const older = await bring(imageOf("1.1.5"), { version: "1.1.5" });
			expect(older).toEqual(["refused: 1.1.5 is older than 1.2.0, which runs here, and its maker did not allow that"]);
			const leaky = await bring(imageOf("1.3.0", 1_000, 4_000), { version: "1.3.0" });
			expect(leaky.slice(-3)).toEqual([
				"trial",
				"leaving: only 1000 bytes of memory are free",
				"rolled back: only 1000 bytes of memory are free",
			]);
			const runs = device.lines.filter((line) => line.startsWith("version "));
			expect(runs).toEqual(["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.2.0"].map((version) => `version ${version}`));
		}, 60_000);
	},
);

/** Of what is ours. */
function bytecode({ folder }: Firmware): number {
	return statSync(join(folder, "modules", "farpin.xsb")).size;
}

function partitions(csv: string): { name: string; type: string; at: number; bytes: number }[] {
	const lines = csv.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
	return lines.map((line) => {
		const [name = "", type = "", , at, bytes] = line.split(",").map((cell) => cell.trim());
		return { name, type, at: Number(at), bytes: Number(bytes) };
	});
}
