import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { type ConnectionOptions, rootCertificates } from "node:tls";
import type { IClientOptions } from "mqtt";
import { Fault, reasonOf } from "../../firmware/model/fault.js";
import { splitPem } from "../pki/authority.js";

/** The broker that everything here talks to: our own or somebody else's. */
export interface Target {
	readonly host: string;
	readonly port: number;
	/** Trusted roots, PEM; undefined for an unencrypted connection. */
	readonly roots: readonly string[] | undefined;
	readonly username: string | undefined;
	readonly password: string | undefined;
}

export interface BrokerWords {
	/** `mqtts://user:password@host:port` */
	readonly url: string;
	/** A file of trusted roots, PEM. */
	readonly ca: string | undefined;
	/** The owner insists on a connection without encryption. */
	readonly insecurePlain: boolean;
}

const SCHEMES = new Map([
	["mqtts:", 8_883],
	["mqtt:", 1_883],
]);

/** Reads `--broker` and what belongs to it. Never repeats the address in an error: it may hold a password. */
export function readTarget({ url, ca, insecurePlain }: BrokerWords): Target {
	const address = parse(url);
	const isPlain = address.protocol === "mqtt:";
	if (isPlain && !insecurePlain) {
		throw new Fault(
			"--broker",
			"mqtt:// sends everything, the password too, for all to read",
			"use mqtts://, or add --insecure-plain if that is what you want",
		);
	}
	return {
		host: address.hostname.replace(/^\[|\]$/g, ""),
		port: address.port === "" ? (SCHEMES.get(address.protocol) ?? 0) : Number(address.port),
		roots: isPlain ? undefined : ca === undefined ? rootCertificates : readRoots(ca),
		username: decoded(address.username, "user name"),
		password: decoded(address.password, "password"),
	};
}

function parse(url: string): URL {
	const how = "write it as mqtts://user:password@host:8883";
	if (!URL.canParse(url)) throw new Fault("--broker", "this is no address of a broker", how);
	const address = new URL(url);
	if (!SCHEMES.has(address.protocol)) throw new Fault("--broker", `${address.protocol}// is not MQTT over TLS`, how);
	if (address.hostname === "") throw new Fault("--broker", "the host is missing", how);
	if (address.pathname.length > 1 || address.search !== "" || address.hash !== "") {
		const why = "there is something after host and port";
		throw new Fault(
			"--broker",
			why,
			"write special characters of a password as %23 for #, %2F for /, %3F for ?, %40 for @",
		);
	}
	return address;
}

function decoded(part: string, what: string): string | undefined {
	if (part === "") return undefined;
	try {
		return decodeURIComponent(part);
	} catch {
		throw new Fault("--broker", `the ${what} has a % that is not followed by two digits`, "write a % as %25");
	}
}

function readRoots(path: string): string[] {
	let text: string;
	try {
		text = readFileSync(path, "utf8");
	} catch (error) {
		const gone = (error as NodeJS.ErrnoException).code === "ENOENT";
		throw new Fault(path, gone ? "there is no such file" : reasonOf(error), "give --ca the file of the broker's root");
	}
	const roots = splitPem(text);
	if (roots.length === 0) throw new Fault(path, "there is no certificate in it", "give --ca a PEM file");
	for (const pem of roots) {
		try {
			new X509Certificate(pem);
		} catch {
			throw new Fault(path, "a certificate in it is damaged", "get the file again from whoever runs the broker");
		}
	}
	return roots;
}

/** The roots as the firmware takes them. */
export function derRoots(target: Target): Uint8Array[] | undefined {
	return target.roots?.map((pem) => new Uint8Array(new X509Certificate(pem).raw));
}

/** How MQTT.js, a client that shares no code with the firmware, reaches the same broker. */
export function clientOptions(target: Target): IClientOptions {
	const { host, port, roots, username, password } = target;
	return {
		host,
		port,
		protocol: roots === undefined ? "mqtt" : "mqtts",
		protocolVersion: 4, // every broker speaks it
		reconnectPeriod: 1_000,
		...(roots === undefined ? {} : { ca: [...roots], minVersion: "TLSv1.2" as const }),
		...(username === undefined ? {} : { username }),
		...(password === undefined ? {} : { password }),
	};
}

/** How a bare TLS socket reaches it; certificate and name are checked. */
export function socketOptions(target: Target): ConnectionOptions {
	const { host, port, roots } = target;
	const servername = isIP(host) === 0 ? host : ""; // RFC 6066 allows no addresses in SNI
	return { host, port, ca: [...(roots ?? [])], minVersion: "TLSv1.2", servername };
}
