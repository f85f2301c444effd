import Session from "ssl/session";
import type { StreamHandler, StreamOptions, TlsOptions } from "../ports/network.js";
import { enter } from "./entry.js";
import { SocketStream } from "./socket-stream.js";
import { explainAlert, explainTls } from "./tls-words.js";
import { messageOf } from "./words.js";

const TLS_1_2 = 0x303; // RFC 5246 §6.2.1; the newest that the SDK knows
const RECORD_BYTES = 16_384; // RFC 5246 §6.2.1
// Header 5, and at worst CBC's initial vector 16, SHA-256 MAC 32 and padding 16, rounded up.
const OVERHEAD_BYTES = 96;
/** Of `handshakeProcess`: nothing left to do until more arrives. */
const WAITING = -1;

/** A TLS connection over the SDK's protocol code. Open only when the other side's certificate and name were accepted. */
export class TlsStream extends SocketStream {
	private session: Session<SocketStream> | undefined;

	constructor(options: StreamOptions, tls: TlsOptions, handler: StreamHandler) {
		super(options, handler);
		if (!this.socket) return;
		this.socket.readable = 0;
		this.socket.writable = 0;
		try {
			this.session = startSession(tls);
		} catch (error) {
			this.failSoon(explainTls(messageOf(error)));
		}
	}

	override received(unread: number): void {
		if (!this.socket) return;
		this.socket.readable = unread;
		if (!this.opened) this.handshake();
		// One record a turn: the next is decrypted when the handler has done with this one.
		while (this.opened && this.session && this.socket) {
			const bytes = this.session.read(this.socket);
			if (bytes === undefined) return;
			if (bytes === null) this.fail("the other side closed the connection");
			else enter("connection", this.handler, this.handler.onData, bytes, bytes.length);
		}
	}

	override roomFor(room: number): void {
		if (!this.socket) return;
		this.socket.writable = room;
		if (this.opened) this.flush();
		else this.handshake();
	}

	override lost(): void {
		// Connected means that there was room to write the first message.
		const shaking = !this.opened && this.socket && this.socket.writable > 0;
		if (shaking) this.fail("the other side closed the connection during the TLS handshake");
		else super.lost();
	}

	override close(): void {
		this.session = undefined;
		super.close();
	}

	protected override explain(error: unknown): string {
		const alert = this.session?.alert;
		return alert ? explainAlert(alert.description) : explainTls(messageOf(error));
	}

	protected override capacity(): number {
		return Math.min((this.socket?.writable ?? 0) - OVERHEAD_BYTES, RECORD_BYTES);
	}

	protected override push(bytes: Uint8Array): boolean {
		if (!this.session || !this.socket) return false;
		this.session.write(this.socket, bytes);
		// The session keeps here what the socket's write returned, which is nothing when the connection is broken.
		const room: number | undefined = this.socket.writable;
		this.socket.writable = room ?? 0;
		return room !== undefined;
	}

	private handshake(): void {
		while (this.session && this.socket) {
			const unread = this.socket.readable;
			const over = this.session.handshake(this.socket);
			if (over) {
				// A farewell in the middle of the handshake counts as its end to the SDK, and must not to us.
				const alert = this.session.alert;
				if (alert) this.fail(explainAlert(alert.description));
				else this.open();
				return;
			}
			if (this.socket.readable === unread && this.session.handshakeProcess === WAITING) return;
		}
	}
}

function startSession({ serverName, roots }: TlsOptions): Session<SocketStream> {
	const session = new Session<SocketStream>({ serverName, protocolVersion: TLS_1_2 });
	let trusted = 0;
	let failure: unknown = new Error("no trusted root certificate is set");
	for (const root of roots) {
		try {
			session.certificateManager.register(root);
			trusted++;
		} catch (error) {
			failure = error;
		}
	}
	// One root past its date among several does no harm; without any the server cannot be checked.
	if (trusted === 0) throw failure;
	session.initiateHandshake();
	return session;
}
