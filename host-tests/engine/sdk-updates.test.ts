import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { buildFirmware, type Firmware, linkXs, WORK, whyNoSdk } from "./headless/headless.js";

const why = whyNoSdk();
if (why) console.warn(`host-tests/engine/sdk-updates.test.ts: skipped, ${why}`);

/** The reference device, which asks for updates only here. */
const ENTRY = "host-tests/engine/firmware/renewed.ts";
/** The key that releases are signed with is made there, and not where the owner's is. */
beforeAll(() => {
	vi.stubEnv("FARPIN_HOME", join(WORK, "renewed-home"));
});
afterAll(() => {
	vi.unstubAllEnvs();
});

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
			expect(table.map(({ name: one }) => one)).toEqual(["nvs", "phy_init", "ota_0", "ota_1", "otadata", "outbox"]);
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
