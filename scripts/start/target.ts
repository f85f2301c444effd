import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls, rootCertificates } from "node:tls";
import type { IClientOptions } from "mqtt";
import { createWebSocketStream, WebSocket } from "ws";
import { Fault, reasonOf } from "../../firmware/model/fault.js";
import type { TlsPolicy } from "../../firmware/ports/network.js";
import { portOf, SCHEMES, type Scheme, webSocketPathOf } from "../broker-schemes.js";
import { fileReason } from "../file-words.js";
import { splitPem } from "../pki/authority.js";
import { checkProtocol, identityOf, identityPem, readPins } from "../pki/identity.js";

/** The broker that everything here talks to: our own or somebody else's. */
export interface Target {
	readonly host: string;
	readonly port: number;
	/** Trusted roots, PEM; undefined for an unencrypted connection. */
	readonly roots: readonly string[] | undefined;
	/** What else is set of TLS. */
	readonly more?: Omit<TlsPolicy, "roots"> | undefined;
	/** For MQTT over WebSocket: the path to ask for, with its slash. */
	readonly webSocketPath?: string | undefined;
	readonly username: string | undefined;
	readonly password: string | undefined;
}

export interface BrokerWords {
	/** `mqtts://user:password@host:port`, or `wss://user:password@host:port/path` */
	readonly url: string;
	/** A file of trusted roots, PEM. */
	readonly ca?: string | undefined;
	/** Files of a certificate to show, PEM, and of its key. */
	readonly cert?: string | undefined;
	readonly key?: string | undefined;
	/** Public keys, as `sha256/<base64>`. */
	readonly pin?: readonly string[] | undefined;
	/** Application protocol. */
	readonly alpn?: string | undefined;
	/** The owner insists on a connection without encryption. */
	readonly insecurePlain: boolean;
}

/** Reads `--broker` and what belongs to it. Never repeats the address in an error: it may hold a password. */
export function readTarget({ url, ca, insecurePlain, ...words }: BrokerWords): Target {
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
		...moreOf(words, scheme),
		username: decoded(address.username, "user name"),
		password: decoded(address.password, "password"),
	};
}

/** What is set of TLS besides the roots; nothing where nothing is. */
function moreOf({ cert, key, pin = [], alpn }: Omit<BrokerWords, "url" | "ca" | "insecurePlain">, { tls }: Scheme) {
	const fail = (what: string): never => {
		throw new Fault("--broker", what);
	};
	const named = (name: string, path: string | undefined) => (path === undefined ? undefined : { name, path });
	const identity = identityOf(named("--cert", cert), named("--key", key), fail);
	const pins = readPins("--pin", pin, fail);
	const protocol = checkProtocol("--alpn", alpn, fail);
	if (identity === undefined && pins === undefined && protocol === undefined) return {};
	if (!tls) fail("--cert, --key, --pin and --alpn are for mqtts:// and wss:// only");
	return { more: { identity, pins, protocol } };
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
		throw new Fault(path, fileReason(error) ?? reasonOf(error), "give --ca the file of the broker's root");
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

/** TLS with it as the firmware takes it; undefined for an unencrypted connection. */
export function tlsPolicy({ roots, more }: Target): TlsPolicy | undefined {
	if (roots === undefined) return undefined;
	return { ...more, roots: roots.map((pem) => new Uint8Array(new X509Certificate(pem).raw)) };
}

/** The same for Node.js, but for the pins, which only the firmware checks. */
function nodeTls({ roots = [], more }: Target): ConnectionOptions {
	const { identity, protocol } = more ?? {};
	return {
		ca: [...roots],
		minVersion: "TLSv1.2",
		...(identity === undefined ? {} : identityPem(identity)),
		...(protocol === undefined ? {} : { ALPNProtocols: [protocol] }),
	};
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
		...(roots === undefined ? {} : (nodeTls(target) as IClientOptions)),
		...(username === undefined ? {} : { username }),
		...(password === undefined ? {} : { password }),
	};
}

/** A bare connection to it, for MQTT's own bytes; certificate and name are checked. */
export function openSocket(target: Target): Duplex {
	const { host, port, roots, webSocketPath: path } = target;
	const servername = isIP(host) === 0 ? host : ""; // RFC 6066 allows no addresses in SNI
	const tls = { ...nodeTls(target), servername };
	if (path === undefined) return roots === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ...tls });
	const name = isIP(host) === 6 ? `[${host}]` : host;
	const webSocket = new WebSocket(`${roots === undefined ? "ws" : "wss"}://${name}:${port}${path}`, "mqtt", tls);
	return createWebSocketStream(webSocket);
}
