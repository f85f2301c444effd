import "../../../scripts/pki/reflect.js";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { replaceableSettings } from "../../../firmware/trust/credentials.js";
import { signedCommands } from "../../../firmware/trust/signed-commands.js";
import { main } from "../../../scripts/cli.js";
import type { SimulatedDevice } from "../../../scripts/start/simulated-device.js";
import { makeKey } from "../../../scripts/trust/key-files.js";
import { settingsCommand } from "../../../scripts/trust/settings-command.js";
import { issue, pem, root } from "../../security/pki.js";
import bench from "../bench-device.js";
import { DEVICE_PASSWORD, OWNER_PASSWORD, type OwnBroker, oneDevice, ownBroker, Scratch } from "../rig.js";

const scratch = new Scratch();
const PINS = [1, 2].map((byte) => `sha256/${Buffer.alloc(32, byte).toString("base64")}`);

beforeAll(async () => {
	const trusted = await root({ nowMs: Date.now() });
	const { key, cert } = await pem(await issue({ name: "device", by: trusted, nowMs: Date.now(), key: "rsa2048" }));
	writeFileSync(scratch.path("root.pem"), trusted.certificate.toString("pem"));
	writeFileSync(scratch.path("device.pem"), `${cert}\n${trusted.certificate.toString("pem")}`);
	writeFileSync(scratch.path("device.key"), key);
});
afterAll(() => scratch.remove());

function file(settings: object): string {
	const path = scratch.path("new.json");
	writeFileSync(path, JSON.stringify(settings));
	return path;
}

const TLS = { url: "wss://broker.example/mqtt", ca: "root.pem", certificate: "device.pem", key: "device.key" };

describe("a file of settings as a command", () => {
	it("has all that a device takes, certificates and keys in Base64url", () => {
		const wifi = { ssid: "home", password: "12345678" };
		const broker = { ...TLS, user: "u", password: "p", pins: PINS, alpn: "mqtt" };
		const { command, left } = settingsCommand(file({ id: "greenhouse", wifi, broker }));
		expect(JSON.parse(JSON.stringify(command))).toEqual({
			settings: {
				wifi,
				broker: { host: "broker.example", port: 443, user: "u", password: "p", path: "/mqtt", alpn: "mqtt" },
				certificate: [expect.stringMatching(/^MII/), expect.stringMatching(/^MII/)],
				key: expect.stringMatching(/^MII/),
				pins: PINS.map((pin) => Buffer.from(pin.slice(7), "base64").toString("base64url")),
				roots: [expect.stringMatching(/^MII/)],
			},
		});
		expect(left).toEqual(["id"]);
	});

	it("names what is wrong with it, as the build does", () => {
		expect(() => settingsCommand(file({ broker: { ...TLS, pins: PINS.slice(1) } }))).toThrow("holds only one pin");
		expect(() => settingsCommand(file({ broker: [TLS, TLS] }))).toThrow("several brokers");
		const wifi = [{ ssid: "a" }, { ssid: "b" }];
		expect(() => settingsCommand(file({ wifi, broker: TLS }))).toThrow("several Wi-Fis");
		expect(() => settingsCommand(scratch.path("none.json"))).toThrow("is missing");
	});
});

describe("npx farpin send --settings", () => {
	let own: OwnBroker;
	let device: SimulatedDevice;

	beforeAll(async () => {
		own = await ownBroker(scratch);
		writeFileSync(scratch.path("ca.pem"), own.identity.root);
		makeKey(scratch.path("home/keys"), "reader", "A256GCM");
		const of = { ...bench, signing: signedCommands({ settings: replaceableSettings }) };
		device = oneDevice(scratch, own.target, { of, folder: scratch.path("home") });
		device.start();
		await vi.waitFor(() => expect(device.link.state).toBe("online"), { timeout: 10_000, interval: 20 });
	});
	afterAll(async () => {
		await device.stop();
		await own.broker.close();
	});

	async function send(...words: string[]): Promise<string> {
		vi.stubEnv("FARPIN_HOME", scratch.path("home"));
		vi.stubEnv("FARPIN_BROKER", `mqtts://owner:${OWNER_PASSWORD}@localhost:${own.broker.port}`);
		const lines: string[] = [];
		const spies = (["log", "error"] as const).map((name) =>
			vi.spyOn(console, name).mockImplementation((line: string) => void lines.push(line)),
		);
		try {
			await main(["node", "farpin", "send", "bench", ...words, "--ca", scratch.path("ca.pem")]);
			return lines.join("\n");
		} finally {
			process.exitCode = undefined;
			for (const spy of spies) spy.mockRestore();
			vi.unstubAllEnvs();
		}
	}

	it("wants them sealed, and no command beside them", async () => {
		const path = file({ broker: TLS });
		expect(await send("--settings", path)).toContain("name a key to seal them with");
		expect(await send("pump=ON", "--settings", path, "--seal", "reader")).toContain("there is a command as well");
		expect(await send("--seal", "reader")).toContain("write pump=ON, do=restart, or --settings with a file");
	});

	it("brings a device to what the file says, its own certificate and an RSA key included", async () => {
		const url = `mqtts://localhost:${own.broker.port}`;
		const broker = { ...TLS, url, ca: "ca.pem", user: "bench", password: DEVICE_PASSWORD };
		const said = await send("--seal", "reader", "--settings", file({ id: "bench", broker }));
		expect(said).toMatch(/^Not sent, since no command replaces it: id\napplied\nThe device starts again/);
		const stored = () => JSON.parse(readStore()) as Record<string, string>;
		await vi.waitFor(() => expect(stored().net).toBe("use a 0 -"), { timeout: 20_000, interval: 50 });
		expect(device.link.state).toBe("online");
		expect(Object.keys(stored()).filter((key) => key.startsWith("net-a")).length).toBeGreaterThan(4);
	}, 30_000);

	function readStore(): string {
		return readFileSync(scratch.path("home/store/bench.json"), "utf8");
	}
});
