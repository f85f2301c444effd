import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, rootCertificates } from "node:tls";
import type { IClientOptions } from "mqtt";
import { createWebSocketStream, WebSocket } from "ws";
import { Fault, reasonOf } from "../../firmware/model/fault.js";
import { portOf, SCHEMES, type Scheme, webSocketPathOf } from "../broker-schemes.js";
import { splitPem } from "../pki/authority.js";

/** The broker that everything here talks to: our own or somebody else's. */
export interface Target {
	readonly host: string;
	readonly port: number;
	/** Trusted roots, PEM; undefined for an unencrypted connection. */
	readonly roots: readonly string[] | undefined;
	/** For MQTT over WebSocket: the path to ask for, with its slash. */
	readonly webSocketPath?: string | undefined;
	readonly username: string | undefined;
	readonly password: string | undefined;
}

export interface BrokerWords {
	/** `mqtts://user:password@host:port`, or `wss://user:password@host:port/path` */
	readonly url: string;
	/** A file of trusted roots, PEM. */
	readonly ca: string | undefined;
	/** The owner insists on a connection without encryption. */
	readonly insecurePlain: boolean;
}

/** Reads `--broker` and what belongs to it. Never repeats the address in an error: it may hold a password. */
export function readTarget({ url, ca, insecurePlain }: BrokerWords): Target {
	const { address, scheme } = parse(url);
	if (!scheme.tls && !insecurePlain) {
		throw new Fault(
			"--broker",
			`${address.protocol}// sends everything, the password too, for all to read`,
			`use ${scheme.webSocket ? "wss" : "mqtts"}://, or add --insecure-plain if that is what you want`,
		);
	}
	return {
		host: address.hostname.replace(/^\[|\]$/g, ""),
		port: portOf(address, scheme),
		webSocketPath: webSocketPathOf(address, scheme),
		roots: !scheme.tls ? undefined : ca === undefined ? rootCertificates : readRoots(ca),
		username: decoded(address.username, "user name"),
		password: decoded(address.password, "password"),
	};
}

function parse(url: string): { readonly address: URL; readonly scheme: Scheme } {
	const how = "write it as mqtts://user:password@host:8883, or wss://user:password@host/mqtt for a WebSocket";
	if (!URL.canParse(url)) throw new Fault("--broker", "this is no address of a broker", how);
	const address = new URL(url);
	const scheme = SCHEMES.get(address.protocol);
	if (scheme === undefined) throw new Fault("--broker", `${address.protocol}// is not MQTT over TLS`, how);
	if (address.hostname === "") throw new Fault("--broker", "the host is missing", how);
	const isMore = !scheme.webSocket && (address.pathname.length > 1 || address.search !== "");
	if (isMore || address.hash !== "") {
		const why = "there is something after host and port";
		throw new Fault(
			"--broker",
			why,
			"write special characters of a password as %23 for #, %2F for /, %3F for ?, %40 for @",
		);
	}
	return { address, scheme };
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
	const { host, port, roots, webSocketPath: path, username, password } = target;
	return {
		host,
		port,
		protocol: path === undefined ? (roots === undefined ? "mqtt" : "mqtts") : roots === undefined ? "ws" : "wss",
		...(path === undefined ? {} : { path }),
		protocolVersion: 4, // every broker speaks it
		reconnectPeriod: 1_000,
		...(roots === undefined ? {} : { ca: [...roots], minVersion: "TLSv1.2" as const }),
		...(username === undefined ? {} : { username }),
		...(password === undefined ? {} : { password }),
	};
}

/** A bare connection to it, for MQTT's own bytes; certificate and name are checked. */
export function openSocket(target: Target): Duplex {
	const { host, port, roots, webSocketPath: path } = target;
	const servername = isIP(host) === 0 ? host : ""; // RFC 6066 allows no addresses in SNI
	const tls = { ca: [...(roots ?? [])], minVersion: "TLSv1.2" as const, servername };
	if (path === undefined) return roots === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ...tls });
	const name = isIP(host) === 6 ? `[${host}]` : host;
	const webSocket = new WebSocket(`${roots === undefined ? "ws" : "wss"}://${name}:${port}${path}`, "mqtt", tls);
	return createWebSocketStream(webSocket);
}
