import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket, type TlsOptions, type Server as TlsServer } from "node:tls";

const HEADER_BYTES = 5; // RFC 5246 §6.2.1
const CHANGE_CIPHER_SPEC = 20;
const APPLICATION_DATA = 23;

/** What a peer does with one connection; whatever an application says there goes to `tell`. */
export type Behaviour = (socket: Socket, tell: (bytes: number) => void) => void;

/** A server on a port of the loopback that counts what applications said to it. */
export class PeerServer {
	/** Bytes that no stranger may ever see. */
	applicationBytes = 0;
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();

	private constructor(behaviour: Behaviour) {
		this.#server = createServer((socket) => {
			this.#sockets.add(socket);
			socket.setNoDelay(true);
			socket.on("error", () => undefined);
			socket.on("close", () => this.#sockets.delete(socket));
			behaviour(socket, (bytes) => {
				this.applicationBytes += bytes;
			});
		});
	}

	static async start(behaviour: Behaviour): Promise<PeerServer> {
		const peer = new PeerServer(behaviour);
		await new Promise<void>((done) => void peer.#server.listen(0, "127.0.0.1", done));
		return peer;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** Whatever is on its way has arrived when this is kept: the other side has let go, or is made to. */
	async quiet(): Promise<void> {
		await Promise.all([...this.#sockets].map((socket) => gone(socket)));
	}

	stop(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}
}

const PATIENCE_MS = 200;

function gone(socket: Socket): Promise<void> {
	return new Promise((done) => {
		const timer = setTimeout(() => socket.destroy(), PATIENCE_MS);
		socket.once("close", () => {
			clearTimeout(timer);
			done();
		});
	});
}

/** Cuts a stream of TLS into its records; what is no record comes out as it is. */
export class Records {
	#rest = Buffer.alloc(0);

	push(bytes: Buffer): Buffer[] {
		this.#rest = Buffer.concat([this.#rest, bytes]);
		const records: Buffer[] = [];
		while (this.#rest.length >= HEADER_BYTES) {
			const size = isTls(this.#rest) ? HEADER_BYTES + this.#rest.readUInt16BE(3) : this.#rest.length;
			if (this.#rest.length < size) break;
			records.push(this.#rest.subarray(0, size));
			this.#rest = this.#rest.subarray(size);
		}
		return records;
	}
}

function isTls(record: Buffer): boolean {
	const kind = record[0] as number;
	return kind >= CHANGE_CIPHER_SPEC && kind <= APPLICATION_DATA && record[1] === 3;
}

/** What of a record an application said: the content of its data, or everything that is no TLS at all. */
function applicationBytes(record: Buffer): number {
	if (!isTls(record)) return record.length;
	return record[0] === APPLICATION_DATA ? record.length - HEADER_BYTES : 0;
}

/**
 * A server driven by hand: says what it likes to the client's first record, its ClientHello; and `then`, when the client
 * begins to encrypt.
 */
export function byHand(
	answer: (socket: Socket, hello: Uint8Array) => void,
	then?: (socket: Socket) => void,
): Behaviour {
	return (socket, tell) => {
		const records = new Records();
		let heard = 0;
		socket.on("data", (bytes) => {
			for (const record of records.push(bytes)) {
				tell(applicationBytes(record));
				if (heard++ === 0) answer(socket, record);
				if (record[0] === CHANGE_CIPHER_SPEC) then?.(socket);
			}
		});
	};
}

/** Node.js's own TLS server. What the device says comes back, or what `serve` does instead. */
export function byLibrary(
	options: TlsOptions,
	serve: (secure: TLSSocket) => void = echo,
	prepare?: (server: TlsServer) => void,
): Behaviour {
	let tellOf: (bytes: number) => void = () => undefined;
	const server = createTlsServer(options, (secure) => {
		secure.on("error", () => undefined);
		secure.on("data", (bytes) => tellOf(bytes.length));
		serve(secure);
	});
	server.on("tlsClientError", () => undefined);
	prepare?.(server);
	return (socket, tell) => {
		tellOf = tell;
		server.emit("connection", socket);
	};
}

function echo(secure: TLSSocket): void {
	secure.on("data", (bytes) => secure.write(bytes));
	secure.on("end", () => secure.end());
}

/** What somebody on the way does with one record of the server's; what it returns goes on to the device. */
export type Meddle = (record: Buffer, index: number, toDevice: Socket) => readonly Buffer[];

/** A server with somebody on the way, who reads and changes the records that it sends. */
export function withMeddler(behind: Behaviour, meddler: () => Meddle): Behaviour {
	return (socket, tell) => {
		const inner = createServer((served) => {
			inner.close();
			served.on("error", () => undefined);
			behind(served, tell);
		});
		inner.listen(0, "127.0.0.1", () => {
			const through = connect((inner.address() as AddressInfo).port, "127.0.0.1");
			const records = new Records();
			const meddle = meddler();
			let index = 0;
			through.setNoDelay(true);
			through.on("data", (bytes) => {
				for (const record of records.push(bytes))
					for (const part of meddle(record, index++, socket)) socket.write(part);
			});
			through.on("end", () => socket.end());
			through.on("error", () => undefined);
			socket.on("close", () => through.destroy());
			socket.pipe(through);
		});
	};
}
