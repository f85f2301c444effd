import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { portOf, SCHEMES, type Scheme, webSocketPathOf } from "../broker-schemes.js";

/** Something that the owner has to put right: one sentence, to be shown without a stack trace. */
export class BuildError extends Error {
	override readonly name = "BuildError";
}

/** manifests/settings.json, checked: where the firmware will work. */
export interface BuildSettings {
	readonly id?: string;
	readonly root?: string;
	readonly timeServer?: string;
	readonly wifi?: { readonly ssid: string; readonly password?: string };
	readonly broker: {
		readonly host: string;
		readonly port: number;
		readonly username?: string;
		readonly password?: string;
		/** For MQTT over WebSocket: the path to ask for. */
		readonly webSocketPath?: string;
	};
	/** Trusted root certificates, DER: one or more for TLS, none for plain TCP. */
	readonly roots: readonly Buffer[];
}

const ID = /^[a-z0-9-]{1,32}$/;

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
	const wifi = all.object("wifi");
	const broker = all.object("broker");
	if (needs.wifi && !wifi) fail('"wifi" with "ssid" and "password" is missing, and the chip cannot join without');
	if (!broker) return fail('"broker" with its "url" is missing');
	const settings: BuildSettings = {
		id: checkId(all.optional("id"), fail),
		root: all.optional("root"),
		timeServer: all.optional("timeServer"),
		wifi: wifi && checkWifi(wifi.required("ssid"), wifi.optional("password"), fail),
		...checkBroker(broker, dirname(path), fail),
	};
	for (const fields of [all, broker, ...(wifi ? [wifi] : [])]) fields.nothingElse();
	return settings;
}

function readJson(path: string, fail: Fail): unknown {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch (error) {
		return fail(`not JSON: ${(error as Error).message}`);
	}
}

function checkId(id: string | undefined, fail: Fail): string | undefined {
	if (id !== undefined && !ID.test(id)) fail('"id" is not made of 1 to 32 of a-z, 0-9 and -');
	return id;
}

/** `folder` is where a relative path of the certificate begins. */
function checkBroker(fields: Fields, folder: string, fail: Fail): Pick<BuildSettings, "broker" | "roots"> {
	const { url, scheme } = checkUrl(fields.required("url"), fail);
	const ca = fields.optional("ca");
	const plain = fields.flag("insecurePlain");
	if (scheme.tls && !ca)
		fail('"broker.ca" is missing: the PEM file with the root certificate to check the broker against');
	if (!scheme.tls && !plain)
		fail(
			`"broker.url" begins with ${url.protocol}//, which sends everything, the password too, for all to read:` +
				' use mqtts:// or wss://, or add "insecurePlain": true if that is what you want',
		);
	return {
		broker: {
			host: url.hostname,
			port: portOf(url, scheme),
			username: fields.optional("user"),
			password: fields.optional("password"),
			webSocketPath: webSocketPathOf(url, scheme),
		},
		roots: scheme.tls && ca ? readRoots(resolve(folder, ca), fail) : [],
	};
}

type Fail = (what: string) => never;

/** The members of one JSON object, checked as they are taken. */
class Fields {
	readonly #values: Map<string, unknown>;
	readonly #prefix: string;
	readonly #fail: Fail;

	constructor(json: unknown, prefix: string, fail: Fail) {
		if (typeof json !== "object" || json === null || Array.isArray(json)) {
			fail(`${prefix ? `"${prefix.slice(0, -1)}"` : "the file"} is not an object`);
		}
		this.#values = new Map(Object.entries(json as object));
		this.#prefix = prefix;
		this.#fail = fail;
	}

	object(key: string): Fields | undefined {
		const value = this.#take(key);
		return value === undefined ? undefined : new Fields(value, `${this.#prefix}${key}.`, this.#fail);
	}

	required(key: string): string {
		return this.optional(key) ?? this.#fail(`"${this.#prefix}${key}" is missing`);
	}

	optional(key: string): string | undefined {
		const value = this.#take(key);
		if (value === undefined || value === "") return undefined;
		return typeof value === "string" ? value : this.#fail(`"${this.#prefix}${key}" is not a text`);
	}

	/** True or false; false when it is left out. */
	flag(key: string): boolean {
		const value = this.#take(key) ?? false;
		return typeof value === "boolean" ? value : this.#fail(`"${this.#prefix}${key}" is not true or false`);
	}

	nothingElse(): void {
		for (const key of this.#values.keys()) this.#fail(`"${this.#prefix}${key}" is not a setting`);
	}

	#take(key: string): unknown {
		const value = this.#values.get(key);
		this.#values.delete(key);
		return value;
	}
}

function checkWifi(ssid: string, password: string | undefined, fail: Fail): BuildSettings["wifi"] {
	// IEEE 802.11-2020 §9.4.2.2 and annex J.4.1
	if (Buffer.byteLength(ssid) > 32) fail('"wifi.ssid" is longer than the 32 bytes that a network name can have');
	if (password !== undefined && (password.length < 8 || password.length > 63)) {
		fail('"wifi.password" is not 8 to 63 characters long');
	}
	return { ssid, password };
}

function checkUrl(text: string, fail: Fail): { readonly url: URL; readonly scheme: Scheme } {
	if (!URL.canParse(text)) fail(`"broker.url" is not an address such as mqtts://broker.example:8883`);
	const url = new URL(text);
	const scheme = SCHEMES.get(url.protocol);
	if (scheme === undefined) {
		return fail(`"broker.url" begins with ${url.protocol}// and not with mqtts://, wss://, mqtt:// or ws://`);
	}
	if (!url.hostname || url.hostname.startsWith("[")) fail(`"broker.url" names no host, or one by its IPv6 address`);
	if (url.username || url.password) fail('"broker.url" holds a name or password: put them into "user" and "password"');
	const more = scheme.webSocket ? url.hash : `${url.pathname.slice(1)}${url.search}${url.hash}`;
	if (more) fail('"broker.url" goes on after host and port, as only that of a WebSocket may, and without a #');
	return { url, scheme };
}

function readRoots(path: string, fail: Fail): Buffer[] {
	if (!existsSync(path)) fail(`"broker.ca" names ${path}, which does not exist`);
	const blocks = readFileSync(path, "utf8").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
	if (!blocks) return fail(`"broker.ca" names ${path}, which holds no certificate in PEM form`);
	return blocks.map((pem, n) => {
		try {
			const certificate = new X509Certificate(pem);
			if (!certificate.ca)
				fail(`certificate ${n + 1} in ${path} is not one of an authority, and so can vouch for nobody`);
			if (new Date(certificate.validTo) < new Date())
				fail(`certificate ${n + 1} in ${path} expired on ${certificate.validTo}`);
			return certificate.raw;
		} catch (error) {
			if (error instanceof BuildError) throw error;
			return fail(`certificate ${n + 1} in ${path} cannot be read: ${(error as Error).message}`);
		}
	});
}
