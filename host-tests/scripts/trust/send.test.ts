import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connectAsync } from "mqtt";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { main } from "../../../scripts/cli.js";
import type { SimulatedDevice } from "../../../scripts/start/simulated-device.js";
import { clientOptions } from "../../../scripts/start/target.js";
import { sendCommand } from "../../../scripts/trust/send.js";
import { OWNER_PASSWORD, type OwnBroker, oneDevice, ownBroker, Scratch } from "../rig.js";
import device from "../signed-device.js";

const scratch = new Scratch();
let own: OwnBroker;
let running: SimulatedDevice;

beforeAll(async () => {
	own = await ownBroker(scratch);
	writeFileSync(scratch.path("ca.pem"), own.identity.root);
	running = oneDevice(scratch, own.target, { of: device, folder: scratch.path("home") });
	running.start();
	await vi.waitFor(() => expect(running.link.state).toBe("online"), { timeout: 10_000, interval: 20 });
});
afterAll(async () => {
	await running.stop();
	await own.broker.close();
	scratch.remove();
});

/** Runs one command of the command line, here: a program of its own for each would take most of the time. */
async function farpin(...words: string[]): Promise<{ code: number; output: string; errors: string }> {
	vi.stubEnv("FARPIN_HOME", scratch.path("home"));
	vi.stubEnv("FARPIN_BROKER", `mqtts://owner:${OWNER_PASSWORD}@localhost:${own.broker.port}`);
	const output: string[] = [];
	const errors: string[] = [];
	const log = vi.spyOn(console, "log").mockImplementation((line: string) => void output.push(`${line}\n`));
	const error = vi.spyOn(console, "error").mockImplementation((line: string) => void errors.push(`${line}\n`));
	try {
		await main(["node", "farpin", ...words]);
		return { code: Number(process.exitCode ?? 0), output: output.join(""), errors: errors.join("") };
	} finally {
		process.exitCode = undefined;
		for (const spy of [log, error]) spy.mockRestore();
		vi.unstubAllEnvs();
	}
}

const send = (...words: string[]) => farpin("send", "bench", ...words, "--ca", scratch.path("ca.pem"));

describe("npx farpin send", () => {
	it("signs a command with the key that was made here, and prints what became of it", async () => {
		expect(await send("pump=ON")).toMatchObject({ code: 0, output: "applied\n" });
		const refused = await send("pump=SIDEWAYS");
		expect(refused.code).toBe(1);
		expect(refused.output).toMatch(/^refused: pump: the value must be/);
	});

	it("shows that the device takes nothing unsigned, and nothing that other keys sign", async () => {
		expect((await send("pump=ON", "--unsigned")).output).toMatch(/^refused: it is not signed/);
		expect((await farpin("key", "stranger")).code).toBe(0);
		expect((await send("pump=ON", "--key", "stranger")).output).toMatch(/^refused: this device does not know the key/);
	});

	it("asks which key, when there are several, and sends nothing that no device would take", async () => {
		expect((await send("pump=ON")).errors).toContain("there are several keys");
		expect((await send("do=explode", "--key", "owner")).errors).toContain("do must be restart, identify or report");
		expect((await send("pump=ON", "--key", "owner", "--for", "1000000")).errors).toContain("--for");
	});

	it("tells of a device that wants no signature how to send to it", async () => {
		const plain = oneDevice(scratch, own.target, { id: "plain" });
		plain.start();
		await vi.waitFor(() => expect(plain.link.state).toBe("online"), { timeout: 10_000, interval: 20 });
		const words = ["plain", "pump=ON", "--key", "owner", "--ca", scratch.path("ca.pem")];
		const { code, output } = await farpin("send", ...words);
		expect(code).toBe(1);
		expect(output).toMatch(/^refused: it is signed or sealed, .*npx farpin send --unsigned/);
		expect(await farpin("send", ...words, "--unsigned")).toMatchObject({ code: 0, output: "applied\n" });
		await plain.stop();
	});

	it("tells of a device that does not answer", async () => {
		const sending = { target: own.target, prefix: "farpin/nobody", payload: "{}", id: "1", timeoutMs: 300, keys: [] };
		await expect(sendCommand(sending)).rejects.toThrow("it did not answer in time");
		await expect(sendCommand({ ...sending, target: { ...own.target, password: "x" } })).rejects.toThrow("the broker");
	});
});

/** PyJWT, where Python has it: the program of the README, which shares no code with ours. */
const PYTHON = [
	"import json, sys, time, uuid, jwt",
	"key = json.load(open(sys.argv[1]))",
	"claims = {'aud': 'bench', 'iat': int(time.time()), 'exp': int(time.time()) + 60, 'jti': str(uuid.uuid4()),",
	"          'command': {'id': 'py', 'set': {'pump': 'OFF'}}}",
	"print(jwt.encode(claims, jwt.PyJWK(key).key, algorithm=key['alg'], headers={'kid': key['kid']}))",
].join("\n");

const python = process.env.FARPIN_PYTHON ?? "python3";
const whyNot =
	spawnSync(python, ["-c", "import jwt, cryptography"]).status === 0 ? "" : `${python} has no PyJWT with cryptography`;
if (whyNot !== "") console.warn(`host-tests/scripts/trust/send.test.ts: PyJWT is not tried, ${whyNot}`);

describe.skipIf(whyNot !== "")(`PyJWT${whyNot === "" ? "" : ` (skipped: ${whyNot})`}`, () => {
	it("makes commands that the device takes", async () => {
		const made = spawnSync(python, ["-c", PYTHON, scratch.path("home/keys/owner.json")], { encoding: "utf8" });
		expect(made.stderr).toBe("");
		const client = await connectAsync(clientOptions(own.target));
		const results: string[] = [];
		client.on("message", (_topic, payload) => void results.push(payload.toString()));
		await client.subscribeAsync("farpin/bench/result", { qos: 1 });
		await client.publishAsync("farpin/bench/command", made.stdout.trim(), { qos: 1 });
		await expect.poll(() => results, { timeout: 5_000 }).toEqual(['{"id":"py","outcome":"applied"}']);
		await client.endAsync();
	});
});
