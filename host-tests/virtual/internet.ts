import type { TlsOptions } from "../../firmware/ports/network.js";
import type { World } from "./world.js";

/** A server's side of one connection. */
export interface Connection {
	/** Sends `bytes`; they are copied. */
	send(bytes: Uint8Array): void;
	/** Ends the connection after everything that was sent. `onClose` does not follow. */
	close(): void;
}

export interface ConnectionHandler {
	/** `bytes[0..count)` arrived; the buffer is lent until the call returns. */
	onData(bytes: Uint8Array, count: number): void;
	/** The client ended the connection, or it broke. */
	onClose(): void;
}

export type Accept = (connection: Connection) => ConnectionHandler;

/** Answers one datagram, any number of times; may keep `reply` for later. */
export type AnswerDatagram = (bytes: Uint8Array, reply: (bytes: Uint8Array) => void) => void;

/** Something that listens. */
export interface Server {
	readonly accept: Accept;
	/** Names in its certificate: it speaks TLS, and only that. Undefined: it speaks plainly. */
	certificateNames: readonly string[] | undefined;
	/** With TLS: why it ends the connection with a client that shows this, or undefined; everybody is let in without. */
	judge?: (client: TlsOptions) => string | undefined;
	/** False: whoever connects never hears anything. */
	answering: boolean;
	/** Nobody listens here any more; open connections stay. */
	stop(): void;
}

/** Everything that a board's network leads to: names, servers, times servers. Shared by all boards of a world. */
export class VirtualInternet {
	readonly world: World;
	/** Name to IPv4 address. */
	readonly names = new Map<string, string>();
	/** Addresses from which nothing comes back. */
	readonly blackHoles = new Set<string>();
	private readonly servers = new Map<string, Server>();
	private readonly answers = new Map<string, AnswerDatagram>();

	constructor(world: World) {
		this.world = world;
	}

	/** Starts a server. With `certificateNames` it speaks TLS and shows a certificate for these names. */
	listen(address: string, port: number, accept: Accept, certificateNames?: readonly string[]): Server {
		const key = `${address}:${port}`;
		if (this.servers.has(key)) throw new Error(`${key} is in use`);
		const server: Server = { accept, certificateNames, answering: true, stop: () => this.servers.delete(key) };
		this.servers.set(key, server);
		return server;
	}

	server(address: string, port: number): Server | undefined {
		return this.servers.get(`${address}:${port}`);
	}

	/** Answers datagrams at this address from now on; undefined: no longer. */
	listenUdp(address: string, port: number, answer: AnswerDatagram | undefined): void {
		if (answer === undefined) this.answers.delete(`${address}:${port}`);
		else this.answers.set(`${address}:${port}`, answer);
	}

	answer(address: string, port: number): AnswerDatagram | undefined {
		return this.blackHoles.has(address) ? undefined : this.answers.get(`${address}:${port}`);
	}
}

/** True for an IPv4 address in dotted form. */
export function isAddress(host: string): boolean {
	const parts = host.split(".");
	return parts.length === 4 && parts.every((part) => part !== "" && Number(part) >= 0 && Number(part) <= 255);
}
