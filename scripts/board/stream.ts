import { connect as connectTcp, isIP, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import type { Stream, StreamHandler, StreamOptions, TlsOptions } from "../../firmware/ports/network.js";
import { checkChain } from "../../firmware/security/chain.js";
import { Refused } from "../../firmware/security/refused.js";
import type { PcCalls } from "./calls.js";
import { nodeCrypto } from "./crypto.js";
import { closeReason } from "./reasons.js";

const LINGER_MS = 1_000; // a peer that takes nothing must not keep the socket

/** One connection of the PC's board over a real socket. */
export class PcStream implements Stream {
	/** Kept when the socket is gone, with everything sent that was written. */
	readonly gone: Promise<void>;
	readonly #socket: Socket;
	readonly #calls: PcCalls;
	readonly #handler: StreamHandler;
	readonly #tls: TlsOptions | undefined;
	readonly #onGone: (stream: PcStream) => void;
	#open = false;
	#over = false;
	#full = false;
	#asked = false;
	#error: Error | undefined;

	constructor(options: StreamOptions, handler: StreamHandler, calls: PcCalls, onGone: (stream: PcStream) => void) {
		this.#calls = calls;
		this.#handler = handler;
		this.#tls = options.tls;
		this.#onGone = onGone;
		const { address: host, port, tls } = options;
		this.#socket = tls === undefined ? connectTcp({ host, port }) : secure(host, port, tls);
		this.#socket.setNoDelay(true);
		if (tls !== undefined) this.#socket.once("connect", () => this.#connected());
		this.#socket.once(tls === undefined ? "connect" : "secureConnect", () => this.#opened());
		this.#socket.on("data", (bytes: Buffer) => this.#arrived(bytes));
		this.#socket.on("drain", () => this.#drained());
		this.#socket.on("error", (error) => {
			this.#error ??= error;
		});
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

	/** The network is gone: ends at once, as a failure, with this reason. */
	fail(reason: string): void {
		this.#error ??= new Error(reason);
		this.#socket.destroy();
	}

	/** TCP stands, TLS follows. */
	#connected(): void {
		const { onConnected } = this.#handler;
		if (!this.#over && onConnected !== undefined) this.#calls.call("stream connected", this.#handler, onConnected);
	}

	#opened(): void {
		if (this.#over) return;
		const refusal = this.#tls === undefined ? undefined : peerRefusal(this.#socket as TLSSocket, this.#tls);
		if (refusal !== undefined) {
			this.fail(`TLS refused: ${refusal}`);
			return;
		}
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
			this.#error === undefined
				? "the other side closed the connection"
				: closeReason(this.#error, this.#tls?.serverName);
		this.#calls.call("stream close", this.#handler, this.#handler.onClose, reason);
	}
}

/**
 * What the chip's own check says of the server's certificates. Node.js has checked them too by now; both must agree, so
 * that a broker which works here works on the chip.
 */
function peerRefusal(socket: TLSSocket, { serverName, roots }: TlsOptions): string | undefined {
	try {
		checkChain(peerChain(socket), { host: serverName, roots, pins: [], nowMs: Date.now() }, nodeCrypto);
		return undefined;
	} catch (error) {
		if (error instanceof Refused) return error.message;
		throw error;
	}
}

function peerChain(socket: TLSSocket): Uint8Array[] {
	const chain: Uint8Array[] = [];
	let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
	while (next?.raw !== undefined) {
		chain.push(new Uint8Array(next.raw));
		next = next === next.issuerCertificate ? undefined : next.issuerCertificate; // a root names itself
	}
	return chain;
}

function secure(host: string, port: number, { serverName, roots }: TlsOptions): TLSSocket {
	return connectTls({
		host,
		port,
		ca: roots.map(toPem),
		minVersion: "TLSv1.2",
		rejectUnauthorized: true,
		allowPartialTrustChain: true, // an intermediate may be trusted without its root; unknown to older versions
		servername: isIP(serverName) === 0 ? serverName : "", // RFC 6066 allows no addresses in SNI
		// Always against the name asked for, also where SNI had to stay empty.
		checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
	});
}

function toPem(der: Uint8Array): string {
	const lines =
		Buffer.from(der)
			.toString("base64")
			.match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
