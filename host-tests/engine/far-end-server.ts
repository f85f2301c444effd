import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Listening, Peer, StreamEnvironment } from "../contracts/stream-contract.js";
import { type SocketOptions, socketStreams } from "../scripts/socket-bench.js";

const HEAD_BYTES = 7;
const LOOK_MS = 2;

/** The servers of the stream contract for a firmware in another process, which says what they shall do. */
export class FarEndServer {
	/** Which streams the next firmware that connects shall use. */
	options: SocketOptions = {};
	readonly #server = createServer((socket) => void this.#serve(socket));
	readonly #environments: StreamEnvironment[] = [];

	async start(): Promise<number> {
		await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
		return (this.#server.address() as AddressInfo).port;
	}

	async stop(): Promise<void> {
		this.#server.close();
		for (const environment of this.#environments) await environment.dispose();
	}

	async #serve(control: Socket): Promise<void> {
		const { identity, webSocket = false } = this.options;
		control.on("error", () => undefined);
		const environment = await socketStreams(this.options);
		this.#environments.push(environment);
		new Conductor(control, environment).hello({
			webSocket,
			tls: identity !== undefined,
			refusing: environment.refusing.port,
			blackHole: environment.blackHole?.port,
		});
	}
}

/** One firmware's servers and their connections. */
class Conductor {
	readonly #control: Socket;
	readonly #environment: StreamEnvironment;
	readonly #servers: { readonly listening: Listening; seen: number }[] = [];
	readonly #peers: { readonly peer: Peer; seen: number; closed: boolean }[] = [];
	#pending = Buffer.alloc(0);

	constructor(control: Socket, environment: StreamEnvironment) {
		this.#control = control;
		this.#environment = environment;
		control.on("data", (bytes) => this.#take(bytes));
		const timer = setInterval(() => this.#look(), LOOK_MS);
		control.once("close", () => clearInterval(timer));
	}

	hello(words: object): void {
		this.#tell("hello", 0, Buffer.from(JSON.stringify(words)));
	}

	#tell(what: string, id: number, bytes: Uint8Array = Buffer.alloc(0)): void {
		const head = Buffer.alloc(HEAD_BYTES);
		head.write(what.slice(0, 1));
		head.writeUInt16BE(id, 1);
		head.writeUInt32BE(bytes.length, 3);
		this.#control.write(Buffer.concat([head, bytes]));
	}

	#take(bytes: Buffer): void {
		this.#pending = Buffer.concat([this.#pending, bytes]);
		while (this.#pending.length >= HEAD_BYTES) {
			const end = HEAD_BYTES + this.#pending.readUInt32BE(3);
			if (end > this.#pending.length) return;
			const order = this.#pending.subarray(0, end);
			this.#pending = this.#pending.subarray(end);
			this.#obey(String.fromCharCode(order[0] as number), order.readUInt16BE(1), order.subarray(HEAD_BYTES));
		}
	}

	#obey(what: string, id: number, bytes: Buffer): void {
		if (what === "l") return void this.#listen();
		const peer = this.#peers[id]?.peer;
		if (what === "s") peer?.send(new Uint8Array(bytes.subarray(4)), bytes.readUInt32BE(0));
		else if (what === "p") peer?.pause();
		else if (what === "r") peer?.resume();
		else if (what === "c") peer?.close();
		else if (what === "b") peer?.reset();
		else if (what === "v") peer?.vanish();
	}

	async #listen(): Promise<void> {
		const listening = await this.#environment.listen();
		this.#servers.push({ listening, seen: 0 });
		this.#tell("listening", listening.options.port);
	}

	/** Tells what is new. */
	#look(): void {
		for (const server of this.#servers) {
			for (; server.seen < server.listening.peers.length; server.seen++) {
				const port = Buffer.alloc(2);
				port.writeUInt16BE(server.listening.options.port);
				this.#tell("accepted", this.#peers.length, port);
				this.#peers.push({ peer: server.listening.peers[server.seen] as Peer, seen: 0, closed: false });
			}
		}
		for (const [id, one] of this.#peers.entries()) {
			if (one.closed) continue;
			const { received, closed } = one.peer;
			if (received.length > one.seen) this.#tell("data", id, received.subarray(one.seen));
			one.seen = received.length;
			if (closed) this.#tell("closed", id);
			one.closed = closed;
		}
	}
}
