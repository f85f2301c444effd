import { constants } from "node:crypto";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { checkServerIdentity, connect as connectTls, type TLSSocket } from "node:tls";
import type { Stream, StreamHandler, StreamOptions, TlsOptions } from "../../firmware/ports/network.js";
import { checkChain } from "../../firmware/security/chain.js";
import type { Judge } from "../../firmware/security/handshake.js";
import { HandshakeGate } from "../../firmware/security/handshake-gate.js";
import type { PcCalls } from "./calls.js";
import { nodeCrypto } from "./crypto.js";
import { GatedSocket } from "./gated-socket.js";
import { closeReason } from "./reasons.js";

const LINGER_MS = 1_000; // a peer that takes nothing must not keep the socket

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

	constructor(options: StreamOptions, handler: StreamHandler, calls: PcCalls, onGone: (stream: PcStream) => void) {
		this.#calls = calls;
		this.#handler = handler;
		this.#onGone = onGone;
		const { address: host, port, tls } = options;
		const tcp = connectTcp({ host, port });
		tcp.setNoDelay(true);
		this.#socket = tls === undefined ? tcp : this.#secure(tcp, tls);
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

	#secure(tcp: Socket, options: TlsOptions): Socket {
		const { gated, tls } = secure(tcp, options);
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
		const reason = this.#error === undefined ? "the other side closed the connection" : closeReason(this.#error);
		this.#calls.call("stream close", this.#handler, this.#handler.onClose, reason);
	}
}

/** The same offer as the chip's, so that a broker which works here works there. */
const OFFER = {
	minVersion: "TLSv1.2",
	maxVersion: "TLSv1.2",
	ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256",
	ecdhCurve: "P-256:P-384",
	sigalgs: "ECDSA+SHA256:RSA+SHA256",
	secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const;

/** TLS over `tcp`: the gate that the chip has looks at all of it first, and then Node.js checks it once more. */
function secure(
	tcp: Socket,
	{ serverName, roots }: TlsOptions,
): { readonly gated: GatedSocket; readonly tls: TLSSocket } {
	const judge: Judge = (chain) => {
		return checkChain(chain, { host: serverName, roots, pins: [], nowMs: Date.now() }, nodeCrypto);
	};
	const gated = new GatedSocket(tcp, new HandshakeGate(judge, nodeCrypto));
	const tls = connectTls({
		...OFFER,
		socket: gated,
		ca: roots.map(toPem),
		rejectUnauthorized: true,
		allowPartialTrustChain: true, // an intermediate may be trusted without its root; unknown to older versions
		servername: isIP(serverName) === 0 ? serverName : "", // RFC 6066 allows no addresses in SNI
		// Always against the name asked for, also where SNI had to stay empty.
		checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
	});
	return { gated, tls };
}

function toPem(der: Uint8Array): string {
	const lines =
		Buffer.from(der)
			.toString("base64")
			.match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
