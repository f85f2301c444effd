import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readOptions, type StartWords, warningsOf } from "../../scripts/start/options.js";
import { expectPlain, farpin } from "./command.js";
import { type OwnBroker, ownBroker, Scratch } from "./rig.js";

const DEVICE = resolve("host-tests", "scripts", "bench-device.ts");

const scratch = new Scratch();
let own: OwnBroker;
beforeAll(async () => {
	own = await ownBroker(scratch);
	writeFileSync(scratch.path("ca.pem"), own.identity.root);
});
afterAll(async () => {
	await own.broker.close();
	scratch.remove();
});

const home = scratch.path("home");
const start = (...words: string[]) =>
	farpin(["start", "--device", DEVICE, "--port", "0", "--page-port", "0", ...words], { home });

test("runs for the time asked for, proves itself, and tells how to go on", async () => {
	const { code, output, errors } = await start("--for", "3", "--devices", "2");
	expect([code, errors]).toEqual([0, ""]);
	for (const id of ["test-bench-1", "test-bench-2"]) expect(output).toContain(`${id}  online`);
	expect(output.match(/online {13}after \d+\.\d s/g)).toHaveLength(2);
	expect(output.match(/telemetry {10}[1-9]\d* messages? with [1-9]\d* samples/g)).toHaveLength(2);
	expect(output.match(/command and result \d+ ms there and back/g)).toHaveLength(2);
	expect(output).toContain("Everything works.");
	expect(output).toMatch(/mosquitto_sub --cafile \S+ca\.pem -h localhost -p \d+ -u owner -P /);
	expect(output).toMatch(/mosquitto_pub .* -t farpin\/test-bench-1\/pump\/set -m TOGGLE/);
	expect(output).toMatch(/Open http:\/\/localhost:\d+\//);
	for (const secret of ["owner.password", "device.password"]) {
		expect(output).not.toContain(readFileSync(scratch.path(`home/${secret}`), "utf8").trim());
	}
}, 60_000);

test("uses somebody else's broker, and never repeats its password", async () => {
	const url = `mqtts://owner:owner-password-of-the-test@localhost:${own.broker.port}`;
	const { code, output, errors } = await start(
		"--for",
		"3",
		"--broker",
		url,
		"--ca",
		scratch.path("ca.pem"),
		"--no-page",
	);
	// At this broker a device is called by its user name; the owner may use any.
	expect([code, errors]).toEqual([0, ""]);
	expect(output).toMatch(/test-bench-[0-9a-f]{4} {2}online/);
	expect(output + errors).not.toContain("owner-password-of-the-test");
});

test("says in one sentence each what is wrong", async () => {
	const busy = createServer();
	await new Promise<void>((listening) => busy.listen(0, "127.0.0.1", listening));
	const { port } = busy.address() as { port: number };
	const [taken, pageTaken, typo] = await Promise.all([
		start("--port", String(port), "--id", "one"),
		start("--page-port", String(port), "--id", "two"),
		start("--broker", "https://a:s3cret@host"),
	]);
	expectPlain(taken, new RegExp(`^farpin: Port ${port}: it is already in use; .*--port\n$`));
	expectPlain(pageTaken, new RegExp(`^farpin: Port ${port}: it is already in use; .*--page-port\n$`));
	expectPlain(typo, /^farpin: --broker: https:\/\/ is not MQTT over TLS; write it as .*\n$/);
	expect(typo.output + typo.errors).not.toContain("s3cret");
	await new Promise((closed) => busy.close(closed));
});

test("reads the words of the command line with care", () => {
	writeFileSync(scratch.path("empty.pem"), "nothing here\n");
	writeFileSync(scratch.path("damaged.pem"), own.identity.root.replaceAll(/^M/gm, "N"));
	const broker = "mqtts://a:s3cret@host";
	const wrong: [Partial<StartWords>, RegExp][] = [
		[{ broker: "broker.example" }, /^--broker: this is no address of a broker; write it as mqtts:/],
		[{ broker: "mqtt://a:s3cret@host" }, /^--broker: mqtt:\/\/ sends everything.*--insecure-plain/],
		[{ broker: "mqtts://a:s3#cret@host" }, /^--broker: /],
		[{ broker: "mqtts://a:s3%cret@host" }, /^--broker: the password has a % that is not followed by two digits/],
		[{ broker: "ws://a:s3cret@host/mqtt" }, /^--broker: ws:\/\/ sends everything.*use wss:.*--insecure-plain/],
		[{ broker: "wss://a:s3cret@host/mqtt#x" }, /^--broker: there is something after host and port/],
		[{ broker: `${broker}/topic` }, /^--broker: there is something after host and port/],
		[{ broker, ca: "missing.pem" }, /^missing\.pem: there is no such file/],
		[{ broker, ca: scratch.path("empty.pem") }, /there is no certificate in it; give --ca a PEM file/],
		[{ broker, ca: scratch.path("damaged.pem") }, /a certificate in it is damaged/],
		[{ ca: "ca.pem" }, /^--ca: it belongs to --broker/],
		[{ devices: "none" }, /^--devices: "none" is not a whole number from 1 to 100/],
		[{ for: "-1" }, /^--for: "-1" is not a whole number/],
		[{ port: "99999" }, /^--port: "99999" is not a whole number/],
		[{ id: "Grün/haus" }, /^--id: it is no name for a topic/],
	];
	const usual = { devices: "1", port: "8883", pagePort: "8080", listen: "127.0.0.1", page: true };
	for (const [words, sentence] of wrong) {
		const refusal = (): void => void readOptions({ ...usual, ...words });
		expect(refusal).toThrow(sentence);
		expect(refusal).not.toThrow(/s3/);
	}
	const plain = readOptions({ ...usual, broker: "mqtt://a:p%40ss%23@host", insecurePlain: true });
	expect(plain.target).toMatchObject({ host: "host", port: 1_883, roots: undefined, username: "a", password: "p@ss#" });
	expect(warningsOf(plain)).toEqual([expect.stringContaining("not encrypted")]);
	const webSocket = readOptions({ ...usual, broker: "wss://a:b@host/mqtt?x=1" }).target;
	expect(webSocket).toMatchObject({
		host: "host",
		port: 443,
		webSocketPath: "/mqtt?x=1",
		username: "a",
		password: "b",
	});
	const { target } = readOptions({ ...usual, broker: "mqtts://broker.example" });
	expect(target).toMatchObject({ port: 8_883, username: undefined, password: undefined });
	expect(target?.roots?.length).toBeGreaterThan(50); // those that everybody trusts
});

test("a broker that is away, or not to be trusted, is told in the summary", async () => {
	const nobody = createServer();
	await new Promise<void>((listening) => nobody.listen(0, "127.0.0.1", listening));
	const { port } = nobody.address() as { port: number };
	await new Promise((closed) => nobody.close(closed));
	const ca = ["--ca", scratch.path("ca.pem"), "--no-page", "--for", "2"];
	const [away, stranger, password] = await Promise.all([
		start("--id", "away", "--broker", `mqtts://localhost:${port}`, ...ca),
		start("--id", "stranger", "--broker", `mqtts://localhost:${own.broker.port}`, "--no-page", "--for", "2"),
		start("--id", "password", "--broker", `mqtts://owner:wrong@localhost:${own.broker.port}`, ...ca),
	]);
	for (const { code } of [away, stranger, password]) expect(code).toBe(1);
	expect(away.output).toMatch(/did not come online: .*nobody listens there/);
	expect(stranger.output).toMatch(/did not come online: .*TLS refused: its certificate/);
	expect(password.output).toMatch(/did not come online: .*(password|permission)/);
}, 60_000);

test("knows its commands", async () => {
	const help = await farpin(["--help"], { home });
	expect(help.code).toBe(0);
	for (const command of ["start", "check", "build", "provision"]) expect(help.output).toContain(command);
	const wrong = await farpin(["strat"], { home });
	expect(wrong.errors).toMatch(/unknown command 'strat'.*Did you mean start/s);
	expect(wrong.code).toBe(1);
});
