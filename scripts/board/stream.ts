import { connect as connectTcp, type Socket } from "node:net";
import type { Stream, StreamHandler, StreamOptions, TlsOptions } from "../../firmware/ports/network.js";
import type { PcCalls } from "./calls.js";
import { closeReason } from "./reasons.js";
import { type PcSessions, secure } from "./tls.js";

const LINGER_MS = 1_000; // a peer that takes nothing must not keep the socket

/** What the streams of one board share. */
export interface PcSurroundings {
	readonly calls: PcCalls;
	readonly sessions: PcSessions;
	readonly onGone: (stream: PcStream) => void;
}

/** One connection of the PC's board over a real socket. */
export class PcStream implements Stream {
	/** Kept when the socket is gone, with everything sent that was written. */
	readonly gone: Promise<void>;
	readonly #socket: Socket;
	readonly #calls: PcCalls;
	readonly #handler: StreamHandler;
	readonly #onGone: (stream: PcStream) => void;
	#open = false;
	#over = false;
	#full = false;
	#asked = false;
	#error: Error | undefined;
	/** Whether the server has asked who this is, and was told nothing. */
	#isUnknown = (): boolean => false;

	constructor(options: StreamOptions, handler: StreamHandler, around: PcSurroundings) {
		this.#calls = around.calls;
		this.#handler = handler;
		this.#onGone = around.onGone;
		const { address: host, port, tls } = options;
		const tcp = connectTcp({ host, port });
		tcp.setNoDelay(true);
		this.#socket = tls === undefined ? tcp : this.#secure(tcp, tls, port, around.sessions);
		this.#socket.once(tls === undefined ? "connect" : "secureConnect", () => this.#opened());
		this.#socket.on("data", (bytes: Buffer) => this.#arrived(bytes));
		this.#socket.on("drain", () => this.#drained());
		this.#socket.on("error", (error) => this.fail(error)); // of TLS, some leave the socket open
		this.gone = new Promise((resolve) => {
			this.#socket.once("close", () => {
				this.#onGone(this);
				this.#ended();
				resolve();
			});
		});
	}

	write(bytes: Uint8Array, count: number): boolean {
		if (this.#over || !this.#open) return false;
		if (this.#full) {
			this.#asked = true;
			return false;
		}
		this.#full = !this.#socket.write(bytes.slice(0, count)); // the caller's buffer is its own again at once
		return true;
	}

	close(): void {
		if (this.#over) return;
		this.#over = true;
		if (!this.#open) return void this.#socket.destroy();
		// What was written goes out first, as on the chip: DISCONNECT is written just before.
		this.#socket.destroySoon();
		setTimeout(() => this.#socket.destroy(), LINGER_MS).unref();
	}

	/** Ends at once, as a failure, for this reason. */
	fail(error: Error): void {
		this.#error ??= error;
		this.#socket.destroy();
	}

	#secure(tcp: Socket, options: TlsOptions, port: number, sessions: PcSessions): Socket {
		const { gated, gate, tls } = secure(tcp, options, port, sessions);
		this.#isUnknown = () => gate.request !== undefined && options.identity === undefined;
		tcp.once("connect", () => this.#connected());
		gated.on("error", (error) => this.fail(error));
		return tls;
	}

	/** TCP stands, TLS follows. */
	#connected(): void {
		const { onConnected } = this.#handler;
		if (!this.#over && onConnected !== undefined) this.#calls.call("stream connected", this.#handler, onConnected);
	}

	#opened(): void {
		if (this.#over) return;
		this.#open = true;
		this.#calls.call("stream open", this.#handler, this.#handler.onOpen);
	}

	#arrived(bytes: Buffer): void {
		if (this.#over) return;
		this.#calls.call("stream data", this.#handler, this.#handler.onData, bytes, bytes.length);
	}

	#drained(): void {
		this.#full = false;
		if (this.#over || !this.#asked) return;
		this.#asked = false;
		this.#calls.call("stream writable", this.#handler, this.#handler.onWritable);
	}

	#ended(): void {
		if (this.#over) return;
		this.#over = true;
		const reason =
			this.#error === undefined ? "the other side closed the connection" : closeReason(this.#error, this.#isUnknown());
		this.#calls.call("stream close", this.#handler, this.#handler.onClose, reason);
	}
}
