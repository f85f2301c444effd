import { randomFillSync } from "node:crypto";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import type { StreamOptions } from "../../firmware/ports/network.js";
import { PcCalls } from "../../scripts/board/calls.js";
import { PcNetwork } from "../../scripts/board/network.js";
import { pcText } from "../../scripts/board/text.js";
import { rootDer, type ServerIdentity } from "../../scripts/pki/authority.js";
import { RecordingEntry } from "../contracts/entry.js";
import type { Listening, Peer, StreamEnvironment } from "../contracts/stream-contract.js";
import { webSocketNetwork } from "../contracts/web-socket-network.js";
import { BlackHole } from "./black-hole.js";

const DEADLINE_MS = 10_000;
const ADDRESS = "127.0.0.1";

/** The far end over a real socket. */
class SocketPeer implements Peer {
	closed = false;
	readonly #socket: Socket;
	readonly #raw: Socket;
	#chunks: Buffer[] = [];

	/** `raw` is the TCP connection below TLS, or the same socket. */
	constructor(socket: Socket, raw: Socket) {
		this.#socket = socket;
		this.#raw = raw;
		socket.on("data", (bytes) => this.#chunks.push(bytes));
		socket.on("error", () => undefined);
		raw.on("error", () => undefined);
		for (const end of ["end", "close"]) socket.on(end, () => (this.closed = true));
	}

	get received(): Uint8Array {
		if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
		return this.#chunks[0] ?? new Uint8Array(0);
	}

	send(bytes: Uint8Array, pieceBytes = bytes.length): void {
		for (let at = 0; at < bytes.length; at += pieceBytes) this.#socket.write(bytes.slice(at, at + pieceBytes));
	}

	pause(): void {
		this.#socket.pause();
	}

	resume(): void {
		this.#socket.resume();
	}

	close(): void {
		this.#socket.end();
	}

	reset(): void {
		this.#raw.resetAndDestroy();
	}

	vanish(): void {
		this.#socket.pause();
	}
}

/** The far end of a WebSocket, by a library that shares no code with the firmware. */
class WebSocketPeer implements Peer {
	closed = false;
	readonly #webSocket: WebSocket;
	readonly #raw: Socket;
	#chunks: Buffer[] = [];

	constructor(webSocket: WebSocket, raw: Socket) {
		this.#webSocket = webSocket;
		this.#raw = raw;
		webSocket.on("message", (bytes: Buffer) => this.#chunks.push(bytes));
		webSocket.on("error", () => undefined);
		webSocket.on("close", () => {
			this.closed = true;
		});
	}

	get received(): Uint8Array {
		if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
		return this.#chunks[0] ?? new Uint8Array(0);
	}

	send(bytes: Uint8Array, pieceBytes = bytes.length): void {
		for (let at = 0; at < bytes.length; at += pieceBytes) this.#webSocket.send(bytes.slice(at, at + pieceBytes));
	}

	pause(): void {
		this.#webSocket.pause();
	}

	resume(): void {
		this.#webSocket.resume();
	}

	close(): void {
		this.#webSocket.close(1000);
	}

	reset(): void {
		this.#raw.resetAndDestroy();
	}

	vanish(): void {
		this.#webSocket.pause();
	}
}

export interface SocketOptions {
	/** Over TLS, with this certificate. */
	readonly identity?: ServerIdentity | undefined;
	readonly webSocket?: boolean;
}

/** The board's network and real servers. */
export async function socketStreams({ identity, webSocket = false }: SocketOptions = {}): Promise<StreamEnvironment> {
	const entry = new RecordingEntry();
	const calls = new PcCalls(() => undefined);
	calls.attach(entry);
	const network = new PcNetwork(calls);
	const servers: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];
	const open = async (server: Server): Promise<StreamOptions> => {
		const sockets = new Set<Socket>();
		servers.push({ server, sockets });
		server.on("connection", (socket: Socket) => {
			sockets.add(socket);
			socket.on("error", () => undefined);
		});
		return { address: ADDRESS, port: await listen(server), ...tlsOptions(identity) };
	};
	const hole = identity === undefined && !webSocket ? new BlackHole() : undefined;
	const gone = createServer();
	const refusing = { address: ADDRESS, port: await listen(gone), ...tlsOptions(identity) };
	await new Promise<void>((resolve) => gone.close(() => resolve()));
	return {
		network: webSocket
			? webSocketNetwork({ network, text: pcText, random: (into) => void randomFillSync(into) })
			: network,
		entry,
		refusing,
		// For TLS and WebSocket, a server that takes the connection and never says a word.
		blackHole: identity !== undefined || webSocket ? await open(createServer()) : await hole?.options(),
		async listen(): Promise<Listening> {
			const peers: Peer[] = [];
			const server = webSocket ? makeWebServer(identity, peers) : makeServer(identity, peers);
			return { options: await open(server), peers };
		},
		until,
		settle: () => turns(20),
		async dispose() {
			await network.stop();
			await hole?.close();
			for (const { server, sockets } of servers) {
				for (const socket of sockets) socket.destroy();
				await new Promise<void>((resolve) => server.close(() => resolve()));
			}
		},
	};
}

function tlsOptions(identity: ServerIdentity | undefined): Pick<StreamOptions, "tls"> {
	return identity === undefined ? {} : { tls: { serverName: "localhost", roots: [rootDer(identity)] } };
}

function makeServer(identity: ServerIdentity | undefined, peers: Peer[]): Server {
	if (identity === undefined) return createServer((socket) => peers.push(new SocketPeer(socket, socket)));
	const server = createTlsServer({ key: identity.key, cert: identity.chain }, (socket) => {
		peers.push(new SocketPeer(socket, rawOf(socket)));
	});
	const rawOf = connectionsOf(server);
	server.on("tlsClientError", () => undefined);
	return server;
}

function makeWebServer(identity: ServerIdentity | undefined, peers: Peer[]): Server {
	const server = identity === undefined ? createHttp() : createHttps({ key: identity.key, cert: identity.chain });
	const rawOf = connectionsOf(server);
	const door = new WebSocketServer({ server, handleProtocols: (asked) => asked.has("mqtt") && "mqtt" });
	door.on("connection", (webSocket, { socket }) => peers.push(new WebSocketPeer(webSocket, rawOf(socket))));
	return server;
}

/** Finds the TCP connection below a socket of `server`, which may be the same. */
function connectionsOf(server: Server): (socket: Socket) => Socket {
	const raws = new Map<number | undefined, Socket>();
	server.on("connection", (raw: Socket) => raws.set(raw.remotePort, raw));
	return (socket) => raws.get(socket.remotePort) ?? socket;
}

function listen(server: Server): Promise<number> {
	return new Promise((resolve) => {
		server.listen(0, ADDRESS, () => {
			const address = server.address();
			resolve(typeof address === "object" && address !== null ? address.port : 0);
		});
	});
}

/** Looks again after every turn of the event loop, until a deadline. */
export async function until(what: string, done: () => boolean): Promise<void> {
	const endMs = performance.now() + DEADLINE_MS;
	while (!done()) {
		if (performance.now() > endMs) throw new Error(`it took too long until ${what}`);
		await turns(1);
	}
}

async function turns(count: number): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
}
