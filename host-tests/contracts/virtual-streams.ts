import type { StreamOptions } from "../../firmware/ports/network.js";
import { VirtualBoard } from "../virtual/board.js";
import type { Accept, Connection } from "../virtual/internet.js";
import type { VirtualNetwork } from "../virtual/network.js";
import { RecordingEntry } from "./entry.js";
import type { Listening, Peer, StreamEnvironment } from "./stream-contract.js";
import { webSocketNetwork } from "./web-socket-network.js";
import { throughWebSocket } from "./web-socket-server.js";

const SERVER = "10.0.0.1";
const BLACK_HOLE = "10.0.0.66";
const NAME = "broker.test";
const LIMIT_MS = 600_000; // of virtual time

/** The far end of a connection on the virtual internet. */
class VirtualPeer implements Peer {
	closed = false;
	private readonly network: VirtualNetwork;
	private readonly board: VirtualBoard;
	private readonly connection: Connection;
	private readonly index: number;
	private chunks: Uint8Array[] = [];

	constructor(board: VirtualBoard, connection: Connection) {
		this.board = board;
		this.network = board.network;
		this.connection = connection;
		this.index = board.network.streams.length - 1;
	}

	get received(): Uint8Array {
		const all = new Uint8Array(this.chunks.reduce((sum, { length }) => sum + length, 0));
		let at = 0;
		for (const chunk of this.chunks) {
			all.set(chunk, at);
			at += chunk.length;
		}
		this.chunks = [all];
		return all;
	}

	take(bytes: Uint8Array, count: number): void {
		this.chunks.push(bytes.slice(0, count));
	}

	send(bytes: Uint8Array, pieceBytes = bytes.length): void {
		for (let at = 0; at < bytes.length; at += pieceBytes) {
			const piece = bytes.slice(at, at + pieceBytes);
			if (at === 0) this.connection.send(piece);
			else this.board.world.after(at / pieceBytes, () => this.connection.send(piece));
		}
	}

	pause(): void {
		this.stream?.toServer.pause();
	}

	resume(): void {
		this.stream?.toServer.resume();
	}

	close(): void {
		this.connection.close();
	}

	reset(): void {
		this.stream?.reset();
	}

	vanish(): void {
		this.network.cutSilently();
	}

	private get stream() {
		return this.network.streams[this.index];
	}
}

/** Over TCP, over TLS, and over a WebSocket on either. */
export type Way = "tcp" | "tls" | "ws" | "wss";

/** A virtual board on a line that `prepare` may spoil, for the stream contract. */
export async function virtualStreams(
	prepare: (network: VirtualNetwork) => void = () => undefined,
	way: Way = "tcp",
): Promise<StreamEnvironment> {
	const board = new VirtualBoard();
	const entry = new RecordingEntry();
	board.attach(entry);
	prepare(board.network);
	board.network.start({ onNetwork: () => undefined });
	board.world.advance(1_000);
	entry.settled = 0;
	let port = 1_000;
	const tls = way === "tls" || way === "wss" ? { tls: { serverName: NAME, roots: [Uint8Array.of(1)] } } : {};
	const webSocket = way === "ws" || way === "wss";
	board.internet.blackHoles.add(BLACK_HOLE);
	return {
		network: webSocket ? webSocketNetwork(board) : board.network,
		entry,
		listen: async () => listen(board, { address: SERVER, port: port++, ...tls }, webSocket),
		refusing: { address: SERVER, port: 9, ...tls },
		blackHole: { address: BLACK_HOLE, port: 1_883, ...tls },
		async until(what, done) {
			if (!board.world.until(done, LIMIT_MS, 5)) throw new Error(`it never came about that ${what}`);
		},
		settle: async () => board.world.advance(5_000),
		dispose: async () => undefined,
	};
}

function listen(board: VirtualBoard, options: StreamOptions, webSocket: boolean): Listening {
	const peers: VirtualPeer[] = [];
	const accept: Accept = (connection) => {
		const peer = new VirtualPeer(board, connection);
		peers.push(peer);
		return {
			onData: (bytes, count) => peer.take(bytes, count),
			onClose: () => {
				peer.closed = true;
			},
		};
	};
	const names = options.tls === undefined ? undefined : [NAME];
	board.internet.listen(SERVER, options.port, webSocket ? throughWebSocket(accept) : accept, names);
	return { options, peers };
}
