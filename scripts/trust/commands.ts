import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { Fault } from "../../firmware/model/fault.js";
import { isId } from "../../firmware/model/names.js";
import { ownTarget } from "../own-broker.js";
import { homeFolder } from "../places.js";
import { readTarget, type Target } from "../start/target.js";
import {
	ALGORITHMS,
	allOwnerKeys,
	isForSigning,
	keyFolder,
	makeKey,
	type OwnerKey,
	readOwnerKey,
} from "./key-files.js";
import { rehearse } from "./rehearsal.js";
import { sealToken, signCommand } from "./sign.js";
import { commandOf } from "./words.js";

const ANSWER_MS = 15_000;

interface SignWords {
	readonly key?: string;
	readonly for: string;
	readonly seal?: string;
}

/** Which broker is meant, in the words of a command line. */
export interface BrokerChoice {
	readonly broker?: string;
	readonly ca?: string;
	readonly insecurePlain?: boolean;
}

interface BrokerWords extends BrokerChoice {
	readonly root: string;
}

interface SendWords extends SignWords, BrokerWords {
	readonly unsigned?: boolean;
	readonly settings?: string;
}

/** The commands that make keys, sign with them, and send what is signed. */
export function addTrust(program: Command): void {
	program
		.command("key")
		.description("make a key to sign commands with, and say what to write into manifests/settings.json")
		.argument("<name>", "what devices call it")
		.option("--alg <algorithm>", `${ALGORITHMS.join(", ")}: of the first, devices know the public half only`, "ES256")
		.action(key);
	const sign = program
		.command("sign")
		.description("print a signed command, to be published to <root>/<device>/command by any means")
		.argument("<device>", "the device's name in topics")
		.argument("<command...>", 'pump=ON, do=restart, or a document: {"set":{"pump":"ON"}}');
	withSignature(sign).action(signOne);
	const send = program
		.command("send")
		.description("sign a command, send it and print what became of it")
		.argument("<device>", "the device's name in topics")
		.argument("[command...]", 'pump=ON, do=restart, or a document: {"set":{"pump":"ON"}}')
		.option(
			"--settings <file>",
			"replace Wi-Fi, broker and certificates by what this file says, one like settings.json",
		)
		.option("--unsigned", "do not sign it");
	withBroker(withSignature(send)).action(sendOne);
	program
		.command("open")
		.description("open one message that a device signed or sealed, and print what is in it")
		.argument("<topic>", "the whole topic that it came to")
		.argument("<message>", "what came")
		.action(open);
	const watch = program
		.command("watch")
		.description("print what a device says, with what is signed and sealed opened by the keys that are here")
		.argument("<device>", "the device's name in topics, or + for all");
	withBroker(watch).action(watchDevice);
}

function withSignature(command: Command): Command {
	return command
		.option("--key <key>", "the key's name or file; the only one there is unless given")
		.option("--for <seconds>", "how long it holds, up to a day", "60")
		.option("--seal <key>", "seal it, too, with this key, so that the broker cannot read it");
}

function withBroker(command: Command): Command {
	return command
		.option("--broker <url>", "mqtts://user:password@host (or set FARPIN_BROKER); that of npm start unless given")
		.option("--ca <file>", "trust the root certificates in this file for --broker")
		.option("--insecure-plain", "allow mqtt:// and ws:// in --broker, without encryption")
		.option("--root <name>", "the first level of every topic", "farpin");
}

async function open(topic: string, message: string): Promise<void> {
	const { openMessage } = await import("./open.js");
	const { payload, proof } = openMessage(Buffer.from(message), topic, allOwnerKeys(keyFolder(homeFolder())));
	if (proof === "none") throw new Fault("the message", "it is neither signed nor sealed");
	process.stdout.write(payload);
	process.stdout.write("\n");
}

async function watchDevice(device: string, words: BrokerWords): Promise<void> {
	const { watch } = await import("./watch.js");
	const filter = `${words.root}/${device === "+" ? device : checkedDevice(device)}/#`;
	await watch(targetOf(words), filter, allOwnerKeys(keyFolder(homeFolder())));
}

function key(name: string, { alg }: { readonly alg: string }): void {
	const path = makeKey(keyFolder(homeFolder()), name, alg);
	console.log(
		`Kept in ${path}, readable by you only. Whoever has it commands your devices; keep a copy where it is safe.`,
	);
	console.log(`In manifests/settings.json: "keys": [${JSON.stringify(path)}]`);
	console.log("In firmware/device.ts: signing: signedCommands()");
	// Of a shared secret nothing is printed: it is the key itself.
	const { algorithm, line } = readOwnerKey(name, keyFolder(homeFolder()));
	if (algorithm === "ES256")
		console.log(`To add it to a device that has another: npx farpin send <device> '{"keys":{"add":"${line}"}}'`);
}

function signOne(device: string, command: readonly string[], words: SignWords): void {
	console.log(signed(device, commandOf(command), words, randomUUID()));
}

async function sendOne(device: string, command: readonly string[], words: SendWords): Promise<void> {
	const { sendCommand } = await import("./send.js");
	const id = randomUUID();
	const document = { id, ...(await wanted(command, words)) };
	const payload = words.unsigned === true ? JSON.stringify(document) : signed(device, document, words, id);
	const prefix = `${words.root}/${checkedDevice(device)}`;
	const keys = allOwnerKeys(keyFolder(homeFolder()));
	const sending = { target: targetOf(words), prefix, payload, id: String(document.id), timeoutMs: ANSWER_MS, keys };
	const { outcome, reason } = await sendCommand(sending);
	console.log(reason === undefined ? outcome : `${outcome}: ${reason}`);
	if (outcome === "applied" && words.settings !== undefined)
		console.log("The device starts again and tries them for three minutes; an event says whether it keeps them.");
	process.exitCode = outcome === "applied" ? 0 : 1;
}

/** What the words of the command line ask for, or the file that they name. */
async function wanted(command: readonly string[], { settings, seal, unsigned }: SendWords): Promise<object> {
	if (settings === undefined) {
		if (command.length > 0) return commandOf(command);
		throw new Fault("the command", "there is none", "write pump=ON, do=restart, or --settings with a file");
	}
	if (command.length > 0) throw new Fault("--settings", "there is a command as well", "send one after the other");
	if (seal === undefined || unsigned === true)
		throw new Fault("--settings", "they are secret", "name a key to seal them with: --seal reader");
	const { settingsCommand } = await import("./settings-command.js");
	const { command: made, left } = settingsCommand(settings);
	if (left.length > 0) console.log(`Not sent, since no command replaces it: ${left.join(", ")}`);
	return made;
}

function signed(device: string, command: object, words: SignWords, name: string): string {
	const key = chosenKey(words.key);
	const validS = Number(words.for);
	if (!(validS >= 1 && validS <= 86_400)) throw new Fault("--for", `"${words.for}" is not from 1 to 86400 seconds`);
	const nowMs = Date.now();
	const token = signCommand(key, { device: checkedDevice(device), command, nowMs, validS, name });
	const seal = words.seal === undefined ? undefined : readOwnerKey(words.seal, keyFolder(homeFolder()));
	const message = seal === undefined ? token : sealToken(token, seal);
	rehearse(message, { device, keys: seal === undefined ? [key] : [key, seal], nowMs, settings: "settings" in command });
	return message;
}

function checkedDevice(device: string): string {
	if (isId(device)) return device;
	throw new Fault(device, "it is no name for a device", "use its name in topics: 1 to 32 of a-z, 0-9 and -");
}

/** The key that is meant: of this name or in this file, or the only one there is. */
export function chosenKey(given: string | undefined): OwnerKey {
	const folder = keyFolder(homeFolder());
	if (given !== undefined) return readOwnerKey(given, folder);
	const [only, ...more] = allOwnerKeys(folder).filter(({ algorithm }) => isForSigning(algorithm));
	if (only === undefined) throw new Fault("--key", "there is no key", "make one with `npx farpin key owner`");
	if (more.length > 0) throw new Fault("--key", "there are several keys", "say which");
	return only;
}

/** The broker that was named, or that of `npm start` on this computer. */
export function targetOf({ broker = process.env.FARPIN_BROKER || undefined, ca, insecurePlain }: BrokerChoice): Target {
	if (broker !== undefined) return readTarget({ url: broker, ca, insecurePlain: insecurePlain === true });
	const own = ownTarget();
	if (own !== undefined) return own;
	throw new Fault("--broker", "no broker was named, and none was ever started here", "give --broker, or run npm start");
}
