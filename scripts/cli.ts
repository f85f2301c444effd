import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { reasonOf } from "../firmware/model/fault.js";
import type { AclWords } from "./acl/acl.js";
import { loadDevice } from "./device-file.js";
import { fileReason } from "./file-words.js";
import { homeFolder, projectFolder } from "./places.js";
import { addProvision } from "./provision/commands.js";
import { addRelease } from "./release/commands.js";
import { readOptions, type StartWords } from "./start/options.js";
import { addTrust } from "./trust/commands.js";

const DEVICE_FILE = resolve(projectFolder, "firmware", "device.ts");

/** Runs one command of `npx farpin` and leaves the exit code in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
	// Whoever read what is printed may leave: that is no fault, and the commands that go on and on end then.
	for (const stream of [process.stdout, process.stderr]) stream.off("error", ignore).on("error", ignore);
	try {
		await commands().parseAsync(argv);
	} catch (error) {
		process.exitCode = 1;
		if (error instanceof CommanderError) process.exitCode = error.exitCode;
		else complain(error);
	}
}

function ignore(): void {}

/** One plain sentence; where it came from only for those who ask. */
function complain(error: unknown): void {
	console.error(`farpin: ${sentenceOf(error)}`);
	if (process.env.FARPIN_DEBUG === "1" && error instanceof Error) console.error(error.stack);
}

function sentenceOf(error: unknown): string {
	const why = fileReason(error);
	if (why === undefined) return reasonOf(error);
	const { path = "a file" } = error as NodeJS.ErrnoException;
	const isKept = path.startsWith(homeFolder());
	return `${path}: ${why}${isKept ? "; put that right, or name another folder in FARPIN_HOME" : ""}`;
}

function commands(): Command {
	const program = new Command("farpin")
		.description("Firmware for the ESP32 in TypeScript: run it here, check it, build it")
		.exitOverride()
		.showHelpAfterError("(`npx farpin --help` shows what there is)");
	addStart(program);
	addTrust(program);
	addRelease(program, DEVICE_FILE);
	addProvision(program, DEVICE_FILE);
	program
		.command("check")
		.description("say what is wrong with the device file, and with manifests/settings.json where there is one")
		.option("--device <file>", "the device to check", DEVICE_FILE)
		.action(check);
	program
		.command("build")
		.description("make the modules for the chip")
		.argument("[target]", "esp32, esp32c3, esp32s3 or simulator; all unless given")
		.option("--without-settings", "put no settings in: `npx farpin provision` puts them onto each board")
		.action(build);
	program
		.command("acl")
		.description("print the permissions that a broker should give to devices and to their owner")
		.argument("<format>", "mosquitto, emqx, hivemq or aws")
		.option("--root <name>", "the first level of every topic", "farpin")
		.option("--owner <user>", "the owner's user name at the broker", "owner")
		.option("--device <id...>", "the devices, for a broker that wants them one by one")
		.option("--answers <filter>", "where results may go that were asked for with a Response Topic")
		.action(acl);
	return program;
}

function addStart(program: Command): void {
	program
		.command("start")
		.description("run the device on this computer: broker, virtual hardware and a page to watch it")
		.option(
			"--broker <url>",
			"use this broker instead: mqtts://user:password@host:8883 or wss://...@host/path (or set FARPIN_BROKER)",
		)
		.option("--ca <file>", "trust the root certificates in this file for --broker")
		.option("--cert <file>", "show this certificate to --broker, for one that wants to know who the device is")
		.option("--key <file>", "its private key: RSA, or ECDSA on P-256")
		.option("--pin <pin...>", "two or more, sha256/<base64>: one of these public keys must be in the broker's chain")
		.option("--alpn <protocol>", "the application protocol to ask --broker for")
		.option("--insecure-plain", "allow mqtt:// and ws:// in --broker, without encryption")
		.option("--devices <count>", "run so many devices", "1")
		.option("--for <seconds>", "run so long, then print a summary and end")
		.option("--port <port>", "the broker's port for MQTT over TLS", "8883")
		.option("--page-port <port>", "the page's port", "8080")
		.option("--listen <address>", "let others reach the broker at this address of the computer", "127.0.0.1")
		.option("--no-page", "serve no page")
		.option("--id <id>", "the device's name in topics; made from its name unless given")
		.option("--encoding <encoding>", "speak json or msgpack, whatever the device file says")
		.option("--device <file>", "the device to run", DEVICE_FILE)
		.action(start);
}

async function start(words: StartWords & { device: string }): Promise<void> {
	const { FARPIN_BROKER = "" } = process.env;
	const options = readOptions(FARPIN_BROKER === "" ? words : { broker: FARPIN_BROKER, ...words });
	const [{ startAll }, device] = await Promise.all([import("./start/start.js"), loadDevice(words.device)]);
	process.exitCode = await startAll(device, options);
}

async function check(words: { device: string }): Promise<void> {
	const { checkFile } = await import("./check.js");
	const { device, faults, chips } = await checkFile(words.device);
	for (const fault of faults) console.error(fault);
	if (faults.length === 0)
		console.log(`${device?.name}: ${device?.parts.length} entities, nothing wrong on ${chips.join(", ")}`);
	process.exitCode = faults.length === 0 ? 0 : 1;
}

async function build(target: string | undefined, words: { readonly withoutSettings?: boolean }): Promise<void> {
	// Imported here because nothing but this command needs what it brings.
	const { build: run } = await import("./build/build.js");
	await run(target, { ...words, onWarning: (warning) => console.warn(warning) });
}

async function acl(format: string, words: AclWords): Promise<void> {
	const { makeAcl } = await import("./acl/acl.js");
	process.stdout.write(makeAcl(format, words));
}
