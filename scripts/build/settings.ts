import { createPublicKey } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { reasonOf } from "../../firmware/model/fault.js";
import type { TlsIdentity } from "../../firmware/ports/network.js";
import type { ReleaseKey } from "../../firmware/update/release.js";
import { portOf, SCHEMES, type Scheme, webSocketPathOf } from "../broker-schemes.js";
import { readNamed } from "../file-words.js";
import { releaseKey } from "../release/keys.js";
import { readOwnerKey } from "../trust/key-files.js";
import { type BrokerTls, type Carried, checkTls, RootList } from "./broker-tls.js";
import { type Fail, Fields } from "./fields.js";
import { readJson } from "./json-file.js";
import { checkId, checkRoot, checkTimeServer } from "./names.js";
import { readRoots } from "./roots.js";

/** Something that the owner has to put right: one sentence, to be shown without a stack trace. */
export class BuildError extends Error {
	override readonly name = "BuildError";
}

export interface BuildWifi {
	readonly ssid: string;
	readonly password?: string;
}

export interface BuildBroker extends BrokerTls {
	readonly host: string;
	readonly port: number;
	readonly username?: string;
	readonly password?: string;
	/** For MQTT over WebSocket: the path to ask for. */
	readonly webSocketPath?: string;
}

/** manifests/settings.json, checked: where the firmware will work. */
export interface BuildSettings {
	readonly id?: string;
	readonly root?: string;
	readonly timeServer?: string;
	readonly otherTimeServers?: readonly string[];
	/** In order of preference. */
	readonly wifi?: readonly BuildWifi[];
	readonly broker: BuildBroker;
	/** Where to go when `broker` cannot be reached, in order of preference. */
	readonly otherBrokers?: readonly BuildBroker[];
	/** Those that signed commands may be signed with; of ES256 the public half only. */
	readonly keys?: readonly string[];
	/** Other public keys that new firmware may be signed with than the one that this computer has. */
	readonly releaseKeys?: readonly ReleaseKey[];
	/** Which of the roots a server with new firmware is checked against; those of the brokers unless the settings name others. */
	readonly releaseRoots: readonly number[];
	/** All trusted root certificates, DER. */
	readonly roots: readonly Buffer[];
	/** What the device shows to brokers that want to know who it is: certificates and private keys. */
	readonly identities: readonly TlsIdentity[];
}

/** Reads and checks the settings; throws a BuildError that names the first thing that is missing or wrong. */
export function readSettings(path: string, needs: { readonly wifi: boolean }): BuildSettings {
	const name = relative(process.cwd(), path);
	if (!existsSync(path)) {
		throw new BuildError(`${name} is missing: copy manifests/settings.example.json to it and fill it in.`);
	}
	const fail = (what: string): never => {
		throw new BuildError(`${name}: ${what}.`);
	};
	const all = new Fields(readJson(path, fail), "", fail);
	const wifi = all.objects("wifi");
	const brokers = all.objects("broker");
	if (needs.wifi && wifi.length === 0)
		fail('"wifi" with "ssid" and "password" is missing, and the chip cannot join without');
	if (brokers.length === 0) return fail('"broker" with its "url" is missing');
	const settings = settingsOf(all, wifi, brokers, dirname(path), fail);
	for (const fields of [all, ...brokers, ...wifi]) fields.nothingElse();
	return settings;
}

function settingsOf(all: Fields, wifi: Fields[], brokers: Fields[], folder: string, fail: Fail): BuildSettings {
	const carried: Carried = { roots: new RootList(), identities: [] };
	const { roots } = carried;
	const [timeServer, ...otherTimeServers] = all.texts("timeServer").map((text) => checkTimeServer(text, fail));
	const networks = wifi.map((fields) => checkWifi(fields, fail));
	const keys = all.texts("keys").map((path) => checkKey(path, folder, fail));
	const id = checkId(all.optional("id"), fail);
	const [broker, ...otherBrokers] = brokers.map((fields) => checkBroker(fields, folder, carried, fail));
	const brokerRoots = roots.all.map((_, number) => number);
	const [updates] = all.objects("updates");
	const releases = updates === undefined ? {} : checkUpdates(updates, folder, roots, fail);
	return {
		id,
		root: checkRoot(all.optional("root"), fail),
		timeServer,
		...(otherTimeServers.length > 0 ? { otherTimeServers } : {}),
		...(networks.length > 0 ? { wifi: networks } : {}),
		broker: broker as BuildBroker,
		...(otherBrokers.length > 0 ? { otherBrokers } : {}),
		...(keys.length > 0 ? { keys } : {}),
		releaseRoots: brokerRoots,
		...releases,
		roots: roots.all,
		identities: carried.identities,
	};
}

/** What is not as usual about new firmware: public keys of others who may sign it, and the root of a server that has it. */
function checkUpdates(fields: Fields, folder: string, roots: RootList, fail: Fail) {
	const releaseKeys = fields.texts("keys").map((path) => {
		const pem = readNamed(fields.name("keys"), resolve(folder, path), fail);
		try {
			return releaseKey(createPublicKey(pem));
		} catch (error) {
			return fail(`${fields.name("keys")} names ${path}, which is no public key on P-256 (${reasonOf(error)})`);
		}
	});
	const ca = fields.optional("ca");
	fields.nothingElse();
	const found = ca === undefined ? undefined : readRoots(fields.name("ca"), resolve(folder, ca), fail);
	return { releaseKeys, ...(found === undefined ? {} : { releaseRoots: roots.numbers(found) }) };
}

/** The file of a key, as a device takes it. */
function checkKey(path: string, folder: string, fail: Fail): string {
	try {
		return readOwnerKey(resolve(folder, path), folder).line;
	} catch (error) {
		return fail(`"keys" names a file that is no key: ${reasonOf(error)}`);
	}
}

/** `folder` is where a relative path of the certificate begins. */
function checkBroker(fields: Fields, folder: string, carried: Carried, fail: Fail): BuildBroker {
	const { url, scheme } = checkUrl(fields.name("url"), fields.required("url"), fail);
	const plain = fields.flag("insecurePlain");
	if (!scheme.tls && !plain)
		fail(
			`${fields.name("url")} begins with ${url.protocol}//, which sends everything, the password too, for all to read:` +
				' use mqtts:// or wss://, or add "insecurePlain": true if that is what you want',
		);
	return {
		host: url.hostname,
		port: portOf(url, scheme),
		username: fields.optional("user"),
		password: fields.optional("password"),
		webSocketPath: webSocketPathOf(url, scheme),
		...checkTls(fields, scheme.tls, folder, carried, fail),
	};
}

function checkWifi(fields: Fields, fail: Fail): BuildWifi {
	const ssid = fields.required("ssid");
	const password = fields.optional("password");
	// IEEE 802.11-2020 §9.4.2.2 and annex J.4.1
	if (Buffer.byteLength(ssid) > 32)
		fail(`${fields.name("ssid")} is longer than the 32 bytes that a network name can have`);
	if (password !== undefined && (password.length < 8 || password.length > 63)) {
		fail(`${fields.name("password")} is not 8 to 63 characters long`);
	}
	return { ssid, password };
}

function checkUrl(name: string, text: string, fail: Fail): { readonly url: URL; readonly scheme: Scheme } {
	if (!URL.canParse(text)) fail(`${name} is not an address such as mqtts://broker.example:8883`);
	const url = new URL(text);
	const scheme = SCHEMES.get(url.protocol);
	if (scheme === undefined) {
		return fail(`${name} begins with ${url.protocol}// and not with mqtts://, wss://, mqtt:// or ws://`);
	}
	if (!url.hostname || url.hostname.startsWith("[")) fail(`${name} names no host, or one by its IPv6 address`);
	if (url.port === "0") fail(`${name} has port 0, at which nobody listens`);
	if (url.username || url.password) fail(`${name} holds a name or password: put them into "user" and "password"`);
	const more = scheme.webSocket ? url.hash : `${url.pathname.slice(1)}${url.search}${url.hash}`;
	if (more) fail(`${name} goes on after host and port, as only that of a WebSocket may, and without a #`);
	return { url, scheme };
}
