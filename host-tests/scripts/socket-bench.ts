import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { StreamOptions } from "../../firmware/ports/network.js";
import { PcCalls } from "../../scripts/board/calls.js";
import { PcNetwork } from "../../scripts/board/network.js";
import { rootDer, type ServerIdentity } from "../../scripts/pki/authority.js";
import { RecordingEntry } from "../contracts/entry.js";
import type { Listening, Peer, StreamEnvironment } from "../contracts/stream-contract.js";

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
}

/** The board's network and real servers, over TLS where there is an identity. */
export async function socketStreams(identity?: ServerIdentity): Promise<StreamEnvironment> {
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
	const gone = createServer();
	const refusing = { address: ADDRESS, port: await listen(gone), ...tlsOptions(identity) };
	await new Promise<void>((resolve) => gone.close(() => resolve()));
	return {
		network,
		entry,
		refusing,
		// A server that takes the connection and never says a word is one for TLS; for TCP there is none on one computer.
		blackHole: identity === undefined ? undefined : await open(createServer()),
		async listen(): Promise<Listening> {
			const peers: Peer[] = [];
			const server = makeServer(identity, (socket, raw) => peers.push(new SocketPeer(socket, raw)));
			return { options: await open(server), peers };
		},
		until,
		settle: () => turns(20),
		async dispose() {
			await network.stop();
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

function makeServer(identity: ServerIdentity | undefined, accept: (socket: Socket, raw: Socket) => void): Server {
	if (identity === undefined) return createServer((socket) => accept(socket, socket));
	const raws = new Map<number | undefined, Socket>();
	const server = createTlsServer({ key: identity.key, cert: identity.chain }, (socket) => {
		accept(socket, raws.get(socket.remotePort) ?? socket);
	});
	server.on("connection", (raw: Socket) => raws.set(raw.remotePort, raw));
	server.on("tlsClientError", () => undefined);
	return server;
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
