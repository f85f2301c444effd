import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Device } from "../../firmware/model/device.js";
import { type Running, run } from "../../firmware/runtime/run.js";
import { PcBoard, type PcBoardOptions } from "../../scripts/board/pc-board.js";
import { main } from "../../scripts/cli.js";
import { rootDer, serverIdentity } from "../../scripts/pki/authority.js";
import { releaseImage } from "../../scripts/release/image.js";
import { signingKey } from "../../scripts/release/keys.js";
import { serveImage } from "../../scripts/release/server.js";
import { allOwnerKeys, makeKey } from "../../scripts/trust/key-files.js";
import { VirtualHardware } from "../virtual/hardware.js";
import { virtualImage } from "../virtual/image.js";
import { VirtualSlots } from "../virtual/slots.js";
import { renewedDevice } from "./renewed-device.js";
import signed from "./renewed-signed-device.js";
import { DEVICE_PASSWORD, OWNER_PASSWORD, type OwnBroker, ownBroker, Scratch } from "./rig.js";

const DEVICE = resolve("host-tests", "scripts", "renewed-device.ts");

const scratch = new Scratch();
let own: OwnBroker;
beforeAll(async () => {
	own = await ownBroker(scratch);
	writeFileSync(scratch.path("ca.pem"), own.identity.root);
	writeFileSync(scratch.path("image.bin"), imageOf("1.1.0"));
	vi.stubEnv("FARPIN_HOME", scratch.path("pki"));
	vi.stubEnv("FARPIN_BROKER", undefined);
	vi.stubEnv("IDF_PATH", undefined);
});
afterAll(async () => {
	vi.unstubAllEnvs();
	await own.broker.close();
	scratch.remove();
});

function imageOf(version: string): Uint8Array {
	const content = Buffer.alloc(30_000, "what there is to run ");
	content.write(`${version}\0`);
	return virtualImage(content);
}

function digest() {
	const hash = createHash("sha256");
	return { write: (bytes: Uint8Array) => void hash.update(bytes), end: () => hash.digest() };
}

/** The computer's board with real sockets, and two slots in memory. */
class SlotBoard extends PcBoard {
	override readonly target = "esp32";
	readonly slots: VirtualSlots;

	constructor(options: PcBoardOptions, slots: VirtualSlots) {
		super(options);
		this.slots = slots;
	}
}

let devices = 0;

/** A device whose firmware is what lies in the running slot. */
class RenewedDevice {
	readonly slots = new VirtualSlots(imageOf("1.0.0"), digest);
	readonly lines: string[] = [];
	/** Flash that belongs to these slots, and no others. */
	readonly #store = scratch.path(`renewed-${++devices}.json`);
	/** What else its file says. */
	readonly #more: Partial<Device>;
	#board: SlotBoard | undefined;
	#running: Running | undefined;

	constructor(more: Partial<Device> = {}) {
		this.#more = more;
	}

	get version(): string {
		const content = Buffer.from(this.slots.runningContent ?? []);
		return content.subarray(0, content.indexOf(0)).toString();
	}

	start(resetReason: "power" | "restart" = "power"): void {
		const hardware = new VirtualHardware({
			clock: { monotonicMs: () => performance.now(), wallMs: () => undefined, setWallMs: () => undefined },
			entry: () => (this.#board as SlotBoard).entry,
			soon: (interrupt) => void setImmediate(interrupt),
		});
		const options = {
			uniqueId: "0242ac110002",
			resetReason,
			storePath: this.#store,
			hardware,
			onLog: (line: string) => void this.lines.push(line),
			onRestart: () => void this.stop().then(() => this.restart()),
		};
		this.#board = new SlotBoard(options, this.slots);
		const { publicKey } = signingKey(scratch.path("pki"));
		const roots = [rootDer(own.identity)];
		const { port } = own.broker;
		const keys = allOwnerKeys(scratch.path("pki/keys")).map(({ line }) => line);
		this.#running = run(
			this.#board,
			{ ...renewedDevice(this.version), ...this.#more },
			{
				id: "renewed",
				keys,
				broker: { host: "localhost", port, tls: { roots }, username: "renewed", password: DEVICE_PASSWORD },
				updates: { keys: [publicKey], roots },
			},
		);
	}

	async stop(): Promise<void> {
		this.#running?.stop();
		await this.#board?.powerOff();
	}

	private restart(): void {
		this.slots.boot();
		this.start("restart");
	}
}

interface Ended {
	readonly code: number;
	readonly output: string;
	readonly errors: string;
}

/** Runs the command in this process: starting another one takes longer than all that it does. */
async function farpin(...words: string[]): Promise<Ended> {
	const said: string[] = [];
	const complained: string[] = [];
	const log = vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
	const error = vi.spyOn(console, "error").mockImplementation((line: string) => void complained.push(line));
	process.exitCode = undefined;
	try {
		await main(["node", "farpin", "release", "--device", DEVICE, ...words]);
		return { code: Number(process.exitCode ?? 0), output: said.join("\n"), errors: complained.join("\n") };
	} finally {
		process.exitCode = undefined;
		log.mockRestore();
		error.mockRestore();
	}
}

describe("a release, over real sockets, TLS and a broker", () => {
	let device: RenewedDevice;
	beforeEach(() => {
		device = new RenewedDevice();
		device.start();
	});
	afterEach(() => device.stop());

	const to = () => [
		...["--image", scratch.path("image.bin"), "--to", "renewed"],
		...["--broker", `mqtts://owner:${OWNER_PASSWORD}@localhost:${own.broker.port}`, "--ca", scratch.path("ca.pem")],
	];

	test.each([
		["in MQTT blocks", []],
		["over HTTPS from this computer", ["--serve", "localhost:0"]],
	])(
		"reaches a device %s, and is kept",
		async (_, how) => {
			const { code, output, errors } = await farpin(...to(), ...how);
			expect([code, errors]).toEqual([0, ""]);
			expect(output).toMatch(/^Renewed 1\.1\.0 for esp32: 30009 bytes, signed with the key [0-9a-f]{16}$/m);
			expect(output).toMatch(/^renewed {2}fetching \d+ %$/m);
			expect(output.trim().split("\n").slice(-3)).toEqual([
				"renewed  restarting",
				"renewed  trial",
				"renewed  confirmed",
			]);
			expect([device.version, device.slots.onTrial]).toEqual(["1.1.0", false]);
			expect(output).not.toContain(OWNER_PASSWORD);
			// And what is there is taken once.
			const again = await farpin(...to(), "--older");
			expect([again.code, again.output.includes("confirmed")]).toEqual([0, true]);
			const older = await farpin(...to());
			expect([older.code, older.output]).toEqual([
				1,
				expect.stringMatching(/renewed {2}refused: 1\.1\.0 is what runs here already/),
			]);
		},
		90_000,
	);

	test("for another device is refused", async () => {
		const { code, output } = await farpin(...to(), "--as", "Another");
		expect([code, output]).toEqual([
			1,
			expect.stringMatching(/refused: it is for the device "Another", and this is "Renewed"/),
		]);
		expect(device.version).toBe("1.0.0");
	}, 30_000);
});

test("reaches a device that wants signed orders and seals what it says, with the key that was made here", async () => {
	makeKey(scratch.path("pki/keys"), "owner", "ES256");
	makeKey(scratch.path("pki/keys"), "reader", "A256GCM");
	const device = new RenewedDevice({ signing: signed.signing, envelope: signed.envelope });
	device.start();
	const broker = [
		"--broker",
		`mqtts://owner:${OWNER_PASSWORD}@localhost:${own.broker.port}`,
		"--ca",
		scratch.path("ca.pem"),
	];
	const words = ["--image", scratch.path("image.bin"), "--to", "renewed", ...broker];
	const unsigned = await farpin(...words);
	expect([unsigned.code, unsigned.output]).toEqual([1, expect.stringContaining("refused: it is not signed")]);
	const { code, output } = await farpin(...words, "--device", resolve("host-tests/scripts/renewed-signed-device.ts"));
	expect([code, output]).toEqual([0, expect.stringMatching(/renewed {2}confirmed$/)]);
	await device.stop();
}, 60_000);

test("signs without sending, and says where both are", async () => {
	const { code, output } = await farpin("--image", scratch.path("image.bin"));
	expect(code).toBe(0);
	const folder = /^Kept in (.+): image\.bin, and manifest\.jws/m.exec(output)?.[1] ?? "";
	expect(new Uint8Array(readFileSync(resolve(folder, "image.bin")))).toEqual(imageOf("1.1.0"));
	const [, payload = ""] = readFileSync(resolve(folder, "manifest.jws"), "utf8").split(".");
	expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({
		device: "Renewed",
		version: "1.1.0",
	});
}, 30_000);

test("says in one sentence what is wrong", async () => {
	writeFileSync(scratch.path("text.bin"), "no image");
	const image = ["--image", scratch.path("image.bin")];
	const table: [string[], RegExp][] = [
		[["esp8266"], /esp8266: no such chip can be renewed; take one of esp32, esp32c3, esp32s3/],
		[[], /release: (MODDABLE|IDF_PATH) is not set/],
		[["--image", scratch.path("nothing.bin")], /there is no such file/],
		[["--image", scratch.path("text.bin")], /it is no image for an ESP32/],
		[[...image, "--serve", "localhost"], /--to: no device is named/],
		[[...image, "--to", "a", "--url", "http://x/y"], /--url: it is none such as https/],
		[[...image, "--to", "A B"], /--to: "A B" is no name for a device/],
		[[...image, "--to", "a", "--serve", "a b"], /--serve: "a b" is no name of this computer/],
		[[...image, "--device", resolve("firmware", "device.ts")], /this device takes no updates; write `updates: updates/],
	];
	for (const [words, sentence] of table) {
		const { code, errors } = await farpin(...words);
		expect([code, errors]).toEqual([1, expect.stringMatching(sentence)]);
		expect(errors).not.toMatch(/^\s+at /m);
	}
	await expect(releaseImage("esp8266", {})).rejects.toThrow(/no such chip/);
	const built = { image: scratch.path("image.bin"), withoutSettings: true };
	await expect(releaseImage("esp32", built)).rejects.toThrow(/--without-settings: an image that is built already/);
}, 120_000);

test("the computer serves one file, whole or in ranges, and nothing else", async () => {
	const image = imageOf("1.1.0");
	const identity = await serverIdentity(scratch.path("pki"), ["localhost"]);
	const server = await serveImage({ identity, listen: "127.0.0.1", port: 0, path: "/a.bin", image });
	const get = (path: string, range?: string) =>
		new Promise<[number | undefined, number, string | undefined]>((done, failed) => {
			const headers = range === undefined ? {} : { Range: range };
			const asked = request(
				{ host: "localhost", port: server.port, path, headers, ca: identity.root, family: 4 },
				(answer) => {
					let bytes = 0;
					answer.on("data", (chunk: Buffer) => {
						bytes += chunk.length;
					});
					answer.on("end", () => done([answer.statusCode, bytes, answer.headers["content-range"]]));
				},
			);
			asked.on("error", failed);
			asked.end();
		});
	expect(await get("/a.bin")).toEqual([200, image.length, undefined]);
	expect(await get("/a.bin", "bytes=0-4095")).toEqual([206, 4_096, `bytes 0-4095/${image.length}`]);
	expect(await get("/a.bin", "bytes=30000-99999")).toEqual([206, 9, `bytes 30000-30008/${image.length}`]);
	for (const range of ["bytes=99999-100000", "bytes=5-4", "bytes=-5", "bytes=0-1,3-4", "lines=1-2"])
		expect(await get("/a.bin", range)).toEqual([416, 0, `bytes */${image.length}`]);
	expect((await get("/"))[0]).toBe(404);
	await server.close();
});
