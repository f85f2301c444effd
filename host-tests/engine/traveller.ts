import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { TlsOptions } from "../../firmware/ports/network.js";
import type { Visit } from "../contracts/visitor.js";

/** One visit that a firmware is to make. */
export interface Journey {
	readonly port: number;
	/** How many bytes to wait for; Infinity to wait for the end. */
	readonly wanted: number;
	readonly patienceMs: number;
	readonly tls: TlsOptions;
}

/** Sends the firmware of `firmware/peers.ts`, which runs in another process, to one peer after the other. */
export class Traveller {
	readonly #server = createServer((socket) => this.#met(socket));
	#socket: Socket | undefined;
	#heard: ((line: string) => void) | undefined;
	readonly #ready: Promise<string>;

	constructor() {
		this.#ready = this.#line();
	}

	/** The port at which the firmware asks where to go. */
	async start(): Promise<number> {
		await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
		return (this.#server.address() as AddressInfo).port;
	}

	async ready(): Promise<void> {
		await this.#ready;
	}

	/** What came of it, and what the firmware's entry was told of exceptions so far. */
	async send({ port, wanted, patienceMs, tls }: Journey): Promise<Visit & { readonly panics: readonly string[] }> {
		const { serverName, roots, pins, protocol, identity } = tls;
		const own = identity && { certificates: identity.certificates.map(hexOf), key: hexOf(identity.key) };
		const lists = { roots: roots.map(hexOf), pins: pins?.map(hexOf) };
		const order = { port, wanted, patienceMs, serverName, ...lists, protocol, identity: own };
		const answer = this.#line();
		this.#socket?.write(`${JSON.stringify(order)}\n`);
		return JSON.parse(await answer);
	}

	stop(): void {
		this.#server.close();
		this.#socket?.destroy();
	}

	#line(): Promise<string> {
		return new Promise((heard) => {
			this.#heard = heard;
		});
	}

	#met(socket: Socket): void {
		this.#socket = socket;
		socket.on("error", () => undefined);
		createInterface(socket).on("line", (line) => this.#heard?.(line));
	}
}

function hexOf(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
