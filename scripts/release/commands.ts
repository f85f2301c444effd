import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { Fault } from "../../firmware/model/fault.js";
import { isId } from "../../firmware/model/names.js";
import { isFetchable } from "../../firmware/update/order.js";
import { loadDevice } from "../device-file.js";
import { serverIdentity } from "../pki/authority.js";
import { isLoopback, serverNames } from "../pki/names.js";
import { homeFolder, projectFolder } from "../places.js";
import { type BrokerChoice, chosenKey, targetOf } from "../trust/commands.js";
import { allOwnerKeys, keyFolder, type OwnerKey } from "../trust/key-files.js";
import { openerWith } from "../trust/owner.js";
import { signOrder } from "../trust/sign.js";
import { type ImageWords, releaseImage } from "./image.js";
import { signingKey } from "./keys.js";
import { type ImageServer, serveImage } from "./server.js";
import { signRelease } from "./sign.js";

const SERVE_PORT = 8_443;
const ORDER_S = 60; // it is made anew until the device has heard it

interface ReleaseWords extends BrokerChoice, ImageWords {
	readonly device: string;
	readonly older?: boolean;
	readonly as?: string;
	readonly to?: readonly string[];
	readonly url?: string;
	readonly serve?: string;
	readonly key?: string;
	readonly root: string;
}

/** The command that signs new firmware and brings it to devices. */
export function addRelease(program: Command, deviceFile: string): void {
	program
		.command("release")
		.description("build and sign new firmware, and bring it to devices")
		.argument("[target]", "esp32, esp32c3 or esp32s3", "esp32")
		.option("--image <file>", "the image, if it is built already; the SDK and ESP-IDF make it unless given")
		.option(
			"--without-settings",
			"put no settings into it: for boards that were given theirs by `npx farpin provision`",
		)
		.option("--board <name>", "the SDK's name of the board to build for, such as esp32/nodemcu")
		.option("--older", "let it take the place of a later version, too")
		.option("--as <name>", "the device's name where devices have another than the device file")
		.option("--to <id...>", "devices to install it now: in MQTT blocks, unless --serve or --url is given")
		.option("--serve <host>", "let them fetch it from this computer over HTTPS, by this name or address; perhaps :port")
		.option("--url <url>", "let them fetch it there, where you have put it: https://...")
		.option(
			"--key <key>",
			"the key to sign the orders with, where devices want that; the only one there is unless given",
		)
		.option("--broker <url>", "mqtts://user:password@host (or set FARPIN_BROKER); that of npm start unless given")
		.option("--ca <file>", "trust the root certificates in this file for --broker")
		.option("--insecure-plain", "allow mqtt:// and ws:// in --broker, without encryption")
		.option("--root <name>", "the first level of every topic", "farpin")
		.option("--device <file>", "the device", deviceFile)
		.action(release);
}

async function release(target: string, words: ReleaseWords): Promise<void> {
	checkWords(words);
	const { name, updates, signing } = await loadDevice(words.device);
	if (updates === undefined)
		throw new Fault(
			words.device,
			"this device takes no updates",
			'write `updates: updates({ version: "1.0.0" })` into it',
		);
	const { version } = updates;
	const owner = signing === undefined || words.to === undefined ? undefined : chosenKey(words.key);
	const image = await releaseImage(target, words);
	const key = signingKey(homeFolder());
	const facts = { device: words.as ?? name, target, version, issued: Math.floor(Date.now() / 1_000) };
	const manifest = signRelease(image, words.older === true ? { ...facts, older: true } : facts, key);
	const folder = keep(target, version, image, manifest);
	console.log(
		`${facts.device} ${version} for ${target}: ${image.length} bytes, signed with the key ${key.publicKey.id}`,
	);
	console.log(`Kept in ${folder}: image.bin, and manifest.jws to order it by.`);
	if (words.to !== undefined) process.exitCode = await bring(words.to, { image, manifest, version, owner }, words);
}

/** Leaves both where they can be uploaded from. */
function keep(target: string, version: string, image: Uint8Array, manifest: string): string {
	const folder = resolve(projectFolder, "build", "release", `${target}-${version}`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "image.bin"), image);
	writeFileSync(join(folder, "manifest.jws"), manifest);
	return folder;
}

function checkWords({ to, serve, url }: ReleaseWords): void {
	if (to === undefined && (serve ?? url) !== undefined) throw new Fault("--to", "no device is named", "say which");
	if (serve !== undefined && url !== undefined) throw new Fault("--serve", "there is a --url as well", "give one");
	if (url !== undefined && !isFetchable(url))
		throw new Fault(
			"--url",
			"it is none such as https://host:8443/file, of at most 200 characters",
			"put it elsewhere",
		);
	const wrong = to?.find((id) => !isId(id));
	if (wrong !== undefined) throw new Fault("--to", `"${wrong}" is no name for a device`, "use its name in topics");
}

interface Signed {
	readonly image: Uint8Array;
	readonly manifest: string;
	readonly version: string;
	/** Signs the orders; undefined where devices want none. */
	readonly owner: OwnerKey | undefined;
}

async function bring(
	devices: readonly string[],
	{ image, manifest, version, owner }: Signed,
	words: ReleaseWords,
): Promise<number> {
	const { deliver } = await import("./deliver.js");
	const served = words.serve === undefined ? undefined : await serve(words.serve, image);
	try {
		const url = words.url ?? served?.url;
		if (url !== undefined) console.log(`Fetched from ${url}`);
		const onLine = (device: string, line: string) => console.log(`${device}  ${line}`);
		const order = url === undefined ? { manifest } : { manifest, url };
		const orderFor = (id: string) =>
			owner === undefined
				? JSON.stringify(order)
				: signOrder(owner, { device: id, order, nowMs: Date.now(), validS: ORDER_S });
		const open = openerWith(allOwnerKeys(keyFolder(homeFolder())));
		const delivery = { target: targetOf(words), root: words.root, devices, orderFor, open, version, image, onLine };
		return (await deliver(delivery)).length === 0 ? 0 : 1;
	} finally {
		await served?.server.close();
	}
}

/** Under the name that devices are told, with a certificate for it by the authority of this computer. */
async function serve(
	place: string,
	image: Uint8Array,
): Promise<{ readonly server: ImageServer; readonly url: string }> {
	const [host = "", port = String(SERVE_PORT)] = place.split(":");
	const path = `/${createHash("sha256").update(image).digest("hex")}.bin`;
	const url = (at: number | string) => `https://${host}:${at}${path}`;
	if (!isFetchable(url(port === "0" ? SERVE_PORT : port)))
		throw new Fault(
			"--serve",
			`"${place}" is no name of this computer`,
			"give a name or an IPv4 address, perhaps :port",
		);
	const listen = isLoopback(host) ? "127.0.0.1" : "0.0.0.0";
	const identity = await serverIdentity(homeFolder(), [...new Set([...serverNames(listen), host])]);
	const server = await serveImage({ identity, listen, port: Number(port), path, image });
	return { server, url: url(server.port) };
}
