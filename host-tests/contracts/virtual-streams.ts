import { VirtualBoard } from "../virtual/board.js";
import type { Connection } from "../virtual/internet.js";
import type { VirtualNetwork } from "../virtual/network.js";
import { RecordingEntry } from "./entry.js";
import type { Listening, Peer, StreamEnvironment } from "./stream-contract.js";

const SERVER = "10.0.0.1";
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

	private get stream() {
		return this.network.streams[this.index];
	}
}

/** A virtual board on a line that `prepare` may spoil, for the stream contract. */
export async function virtualStreams(prepare: (network: VirtualNetwork) => void): Promise<StreamEnvironment> {
	const board = new VirtualBoard();
	const entry = new RecordingEntry();
	board.attach(entry);
	prepare(board.network);
	board.network.start({ onNetwork: () => undefined });
	board.world.advance(1_000);
	entry.settled = 0;
	let port = 1_000;
	return {
		network: board.network,
		entry,
		listen: async () => listen(board, port++),
		refusing: { address: SERVER, port: 9 },
		blackHole: blackHole(board),
		async until(what, done) {
			if (!board.world.until(done, LIMIT_MS, 5)) throw new Error(`it never came about that ${what}`);
		},
		settle: async () => board.world.advance(5_000),
		dispose: async () => undefined,
	};
}

function listen(board: VirtualBoard, port: number): Listening {
	const peers: VirtualPeer[] = [];
	board.internet.listen(SERVER, port, (connection) => {
		const peer = new VirtualPeer(board, connection);
		peers.push(peer);
		return {
			onData: (bytes, count) => peer.take(bytes, count),
			onClose: () => {
				peer.closed = true;
			},
		};
	});
	return { options: { address: SERVER, port }, peers };
}

function blackHole(board: VirtualBoard) {
	board.internet.blackHoles.add("10.0.0.66");
	return { address: "10.0.0.66", port: 1_883 };
}
