import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { readStoredSettings } from "../../../firmware/security/stored-settings.js";
import { nodeCrypto } from "../../../scripts/board/crypto.js";
import { pcText } from "../../../scripts/board/text.js";
import { main } from "../../../scripts/cli.js";
import { inMemory } from "../../../scripts/provision/settings-image.js";
import { Scratch } from "../rig.js";
import { differenceOf, flashedWith, settingsIn } from "./board-flash.js";
import { RomLoader } from "./rom-loader.js";

const SECRETS = ["wlan-geheim-1", "broker-geheim-2"];
const SETTINGS = {
	id: "pump-7",
	wifi: { ssid: "home", password: SECRETS[0] },
	broker: { url: "mqtt://10.0.0.1", insecurePlain: true, user: "u", password: SECRETS[1] },
};
const DEVICE = resolve("host-tests/scripts/bench-device.ts");

const scratch = new Scratch();
const settingsPath = scratch.path("settings.json");
const log = scratch.path("calls.log");
let said: string[];

/** Runs the command; returns its exit code. What it says is in `said`. */
async function provision(...words: string[]): Promise<number> {
	process.exitCode = 0;
	await main([process.execPath, "farpin", "provision", ...words, "--settings", settingsPath, "--device", DEVICE]);
	const { exitCode } = process;
	process.exitCode = 0;
	return Number(exitCode);
}

const storedIn = (flash: Buffer) =>
	readStoredSettings(inMemory(settingsIn(flash)), { crypto: nodeCrypto, text: pcText });

/** A program of this name that runs the stand-in. */
function install(name: string, folder: string): void {
	mkdirSync(folder, { recursive: true });
	const path = join(folder, name);
	const script = resolve("host-tests/scripts/provision/esptool-stand-in.mjs");
	writeFileSync(
		path,
		`#!/bin/sh\n${name === "python" ? "shift 2\n" : ""}exec "${process.execPath}" "${script}" "$@"\n`,
	);
	chmodSync(path, 0o755);
}

beforeAll(() => writeFileSync(settingsPath, JSON.stringify(SETTINGS)));
beforeEach(() => {
	said = [];
	for (const method of ["log", "warn", "error"] as const)
		vi.spyOn(console, method).mockImplementation((line: string) => void said.push(line));
	mkdirSync(scratch.path("temporary"), { recursive: true });
	vi.stubEnv("TMPDIR", scratch.path("temporary"));
});
afterEach(() => {
	expect(readdirSync(scratch.path("temporary"))).toEqual([]); // nothing secret is left there
	for (const secret of SECRETS) expect(said.join("\n")).not.toContain(secret);
	vi.restoreAllMocks();
	vi.unstubAllEnvs();
});
afterAll(() => scratch.remove());

describe.skipIf(process.platform === "win32")(
	`settings onto a board, with a stand-in for esptool${process.platform === "win32" ? " (skipped: it is a shell script)" : ""}`,
	() => {
		const bin = scratch.path("bin");
		const boardAt = (name = "esp32"): string => {
			const path = scratch.path(`${name}.flash`);
			writeFileSync(path, flashedWith());
			return path;
		};

		beforeAll(() => install("esptool", bin));
		beforeEach(() => {
			vi.stubEnv("PATH", `${bin}${delimiter}/usr/bin${delimiter}/bin`);
			vi.stubEnv("IDF_PYTHON_ENV_PATH", undefined);
			vi.stubEnv("IDF_PATH", undefined);
			vi.stubEnv("STAND_IN_LOG", log);
			writeFileSync(log, "");
		});

		it.each(["4", "5"])("writes them to their place and nowhere else, in the words of version %s", async (version) => {
			vi.stubEnv("STAND_IN_VERSION", version);
			const port = boardAt();
			expect(await provision("esp32", "--port", port, "--id", "pump-8")).toBe(0);
			const flash = readFileSync(port);
			expect(storedIn(flash)).toMatchObject({ id: "pump-8", wifi: [SETTINGS.wifi], broker: { host: "10.0.0.1" } });
			const [from, to] = differenceOf(flashedWith(), flash) ?? [0, 0];
			expect(from).toBeGreaterThanOrEqual(0x3b2000);
			expect(to).toBeLessThanOrEqual(0x3b6000);
			expect(said.join("\n")).toContain(`Settings of pump-8: on the board at ${port}`);
			const calls = readFileSync(log, "utf8");
			expect(
				calls.match(/read.flash|write.flash|verify.flash|read.mac/g)?.map((verb) => verb.replace("_", "-")),
			).toEqual(["read-flash", "write-flash", "verify-flash", "read-mac"]);
			for (const secret of SECRETS) expect(calls).not.toContain(secret);
		});

		it("keeps to the board that it found first, and says what its device is called", async () => {
			const { id: _, ...nameless } = SETTINGS;
			writeFileSync(settingsPath, JSON.stringify(nameless));
			const port = boardAt("esp32c3");
			vi.stubEnv("STAND_IN_PORT", port);
			expect(await provision("esp32c3")).toBe(0);
			writeFileSync(settingsPath, JSON.stringify(SETTINGS));
			expect(said.join("\n")).toContain(`Settings of 246f28aabbcc: on the board at ${port}`);
			const ports = readFileSync(log, "utf8")
				.split("\n")
				.slice(1, -1)
				.map((call) => call.includes(`--port ${port}`));
			expect(ports).toEqual([false, true, true, true]);
		});

		it("finds the esptool that ESP-IDF brings", async () => {
			const python = scratch.path("idf-env");
			install("python", join(python, "bin"));
			vi.stubEnv("PATH", "/usr/bin:/bin");
			vi.stubEnv("IDF_PYTHON_ENV_PATH", python);
			expect(await provision("esp32", "--port", boardAt())).toBe(0);
		});

		it("says what to install, or to do without, when there is none", async () => {
			vi.stubEnv("PATH", scratch.path("nowhere"));
			expect(await provision("esp32", "--port", boardAt())).toBe(1);
			expect(said.join("\n")).toMatch(/^farpin: esptool: it is not installed here.*--image$/m);
		});

		it.each([
			[
				"an older table",
				flashedWith(readFileSync("manifests/common/partitions.csv", "utf8").replace(/^settings.*\n/m, "")),
			],
			["a table with settings elsewhere", flashedWith("settings, data, 0x41, 0x200000, 0x4000")],
			["no table at all", Buffer.alloc(0x400000, 0xff)],
		])("leaves a board with %s as it was, and says what to do", async (_, flash) => {
			const port = scratch.path("other-esp32.flash");
			writeFileSync(port, flash);
			expect(await provision("esp32", "--port", port)).toBe(1);
			expect(await provision("esp32", "--port", port, "--erase")).toBe(1);
			expect(readFileSync(port).equals(flash)).toBe(true);
			expect(said.join("\n")).toMatch(/^farpin: The board: .*nothing was changed; flash the firmware over USB first/m);
			expect(readFileSync(log, "utf8")).toContain("--after hard-reset read-mac"); // and lets it run again
		});

		it.each([
			["gone-esp32", "there is no such port"],
			["locked-esp32", "you may not open it"],
			["used-esp32", "another program uses it"],
			["silent-esp32", "the chip does not answer"],
			["worn-esp32", "what was written is not what is in the flash now"],
			["esp32s3", "it has another chip: ESP32S3"],
		])("says of the port %s that %s", async (name, why) => {
			const port = name.startsWith("gone") ? scratch.path(name) : boardAt(name);
			expect(await provision("esp32", "--port", port)).toBe(1);
			expect(said).toHaveLength(2); // the other is that the broker is on plain TCP
			expect(said[1]).toContain(`farpin: The board at ${port}: ${why}`);
		});

		it("takes off a board what its device keeps there", async () => {
			const port = boardAt();
			expect(await provision("esp32", "--port", port, "--erase")).toBe(0);
			const [before, flash] = [flashedWith(), readFileSync(port)];
			const kept = [
				[0x9000, 0xf000],
				[0x3b2000, 0x3b6000],
				[0x3c0000, 0x400000],
			] as const;
			for (const [from, to] of kept) {
				expect(flash.subarray(from, to).every((byte) => byte === 0xff)).toBe(true);
				before.fill(0xff, from, to);
			}
			expect(flash.equals(before)).toBe(true);
			expect(said.join("\n")).toContain("is gone");
		});
	},
);

const esptool = spawnSync("esptool", ["version"], { encoding: "utf8" });
const why = esptool.status === 0 ? undefined : "esptool is not installed";
if (why)
	console.warn(
		`host-tests/scripts/provision/provision.test.ts: settings onto a board by esptool itself, skipped: ${why}`,
	);

describe.skipIf(why)(`settings onto a stand-in for a chip, by esptool itself${why ? ` (skipped: ${why})` : ""}`, () => {
	let board: RomLoader;
	beforeEach(async () => {
		board = await RomLoader.start(flashedWith());
	});
	afterEach(() => board.close());

	it("writes them to their place, and touches nothing else", async () => {
		expect(await provision("esp32", "--port", board.port), said.join("\n")).toBe(0);
		expect(storedIn(board.flash)).toMatchObject({ id: "pump-7", wifi: [SETTINGS.wifi] });
		expect(board.touched).toEqual([[0x3b2000, 0x3b6000]]);
		expect(said.join("\n")).toContain(`on the board at ${board.port}`);
	});

	it("says what is wrong with a board that is another, and changes nothing", async () => {
		expect(await provision("esp32c3", "--port", board.port)).toBe(1);
		expect(said.join("\n")).toMatch(/it has another chip: ESP32; name the target/);
		board.flash.fill(0xff, 0x8000, 0x9000);
		expect(await provision("esp32", "--port", board.port)).toBe(1);
		expect(said.join("\n")).toContain("no firmware was flashed onto it yet");
		expect(board.touched).toEqual([]);
	});

	it("takes off what its device keeps there", async () => {
		expect(await provision("esp32", "--port", board.port, "--erase")).toBe(0);
		expect(board.touched.sort(([one], [other]) => one - other)).toEqual([
			[0x9000, 0xf000],
			[0x3b2000, 0x3b6000],
			[0x3c0000, 0x400000],
		]);
	});
});

describe("settings for others to put onto a board", () => {
	const image = scratch.path("image.bin");

	it("go to a file that only its owner can read, also where there was one, with the words to write it", async () => {
		writeFileSync(image, "before", { mode: 0o644 });
		expect(await provision("esp32s3", "--image", image)).toBe(0);
		expect(readStoredSettings(inMemory(readFileSync(image)), { crypto: nodeCrypto, text: pcText })?.id).toBe("pump-7");
		if (process.platform !== "win32") expect(statSync(image).mode & 0o777).toBe(0o600);
		expect(said.at(-1)).toBe(`esptool --chip esp32s3 write-flash 0x3b2000 ${image}`);
	});

	it.each([
		[["esp33"], "farpin: esp33: there is no such target"],
		[["esp32", "--image", image, "--id", "Not So"], '"Not So" is no name for a device'],
		[["esp32", "--image", image, "--erase"], "there is an --image as well"],
		[["simulator", "--settings", scratch.path("none.json")], "none.json is missing"],
	])("are refused in a sentence for %j", async (words, why) => {
		process.exitCode = 0;
		await main([process.execPath, "farpin", "provision", "--settings", settingsPath, "--device", DEVICE, ...words]);
		expect(process.exitCode).toBe(1);
		process.exitCode = 0;
		expect(said.at(-1)).toContain(why);
		expect(existsSync(scratch.path("none.json"))).toBe(false);
	});

	it("want a Wi-Fi network for a chip, and warn of what is not encrypted or not taken", async () => {
		const { wifi: _, ...others } = SETTINGS;
		writeFileSync(settingsPath, JSON.stringify(others));
		expect(await provision("esp32", "--image", image)).toBe(1);
		expect(said.at(-1)).toContain('"wifi" with "ssid" and "password" is missing');
		writeFileSync(settingsPath, JSON.stringify(SETTINGS));
		expect(await provision("esp32", "--image", image)).toBe(0);
		expect(said).toContainEqual(expect.stringContaining("not encrypted"));
	});
});
