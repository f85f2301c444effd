import Session, { type SessionOptions } from "ssl/session";
import type { StreamHandler, StreamOptions, TlsOptions } from "../ports/network.js";
import { explainAlert } from "../security/alert-words.js";
import { checkChain } from "../security/chain.js";
import type { Judge } from "../security/handshake.js";
import { HandshakeGate } from "../security/handshake-gate.js";
import { ipv4Bytes } from "../security/host-name.js";
import { Refused } from "../security/refused.js";
import { sdkCrypto } from "./crypto.js";
import { DeviceKey } from "./device-key.js";
import { enter } from "./entry.js";
import { signHere } from "./signing-session.js";
import { SocketStream } from "./socket-stream.js";
import { TlsSessions } from "./tls-sessions.js";
import { BrokenConnection, TlsTransport } from "./tls-transport.js";
import { explainTls } from "./tls-words.js";
import { messageOf } from "./words.js";

const TLS_1_2 = 0x303; // RFC 5246 §6.2.1; the newest that the SDK knows
/** secp256r1 and secp384r1 (RFC 8422 §5.1.1): a server whose key is on the second may not be used without it. */
const CURVES: readonly number[] = Object.freeze([23, 24]);
const NO_PINS: readonly Uint8Array[] = Object.freeze([]);
/**
 * The most that a record holds (RFC 6066 §4). Decrypting takes several times as much of the engine's memory, and a broker
 * puts many messages into one record: those of 16,384 bytes would be the end of the smallest chips.
 */
const RECORD_BYTES = 4_096;
// Header 5, and at worst CBC's initial vector 16, SHA-256 MAC 32 and padding 16, rounded up.
const OVERHEAD_BYTES = 96;
const ASKED = ", in which it demands a certificate of this device";
/** Of `handshakeProcess`: nothing left to do until more arrives. */
const WAITING = -1;

/** A TLS connection over the SDK's protocol code. Open only when the other side's certificate and name were accepted. */
export class TlsStream extends SocketStream {
	private session: Session<TlsTransport> | undefined;
	private transport: TlsTransport | undefined;
	private readonly serverName: string;
	private connected = false;

	constructor(options: StreamOptions, tls: TlsOptions, handler: StreamHandler) {
		super(options, handler);
		this.serverName = tls.serverName;
		if (!this.socket) return;
		try {
			const sessions = new TlsSessions(tls, options.port);
			const gate = new HandshakeGate(judgeOf(tls, sessions), sdkCrypto, tls.bytesMax);
			this.transport = new TlsTransport(this.socket, gate);
			this.session = sessionOf(tls, gate);
			this.session.cacheManager = sessions;
			this.session.initiateHandshake();
		} catch (error) {
			this.failSoon(this.explain(error));
		}
	}

	override received(unread: number): void {
		if (!this.transport) return;
		this.transport.arrived(unread);
		if (!this.opened) this.handshake();
		// One record a turn: the next is decrypted when the handler has done with this one.
		while (this.opened && this.session && this.transport) {
			const bytes = this.session.read(this.transport);
			if (bytes === undefined) return;
			if (bytes === null) this.fail("the other side closed the connection");
			else enter("connection", this.handler, this.handler.onData, bytes, bytes.length);
		}
	}

	override roomFor(room: number): void {
		if (!this.transport) return;
		this.transport.writable = room;
		if (!this.connected) this.tellConnected();
		if (this.opened) this.flush();
		else this.handshake();
	}

	override lost(): void {
		// Connected means that there was room to write the first message.
		const shaking = !this.opened && this.transport && this.transport.writable > 0;
		const reason = this.brokenOff();
		this.session = undefined; // nobody is there to say goodbye to
		if (shaking) this.fail(reason);
		else super.lost();
	}

	/** Says goodbye where there is room for it, so that the other side can tell the end from a cut (RFC 5246 §7.2.1). */
	override close(): void {
		const { session, transport, opened } = this;
		this.session = undefined;
		this.transport = undefined;
		if (opened && session && transport && transport.writable > OVERHEAD_BYTES) farewell(session, transport);
		super.close();
	}

	protected override explain(error: unknown): string {
		const alert = this.session?.alert;
		if (error instanceof BrokenConnection) return this.opened ? error.message : this.brokenOff();
		if (error instanceof Refused) return `TLS refused: ${error.message}`;
		return alert ? this.alarmed(alert.description) : explainTls(messageOf(error));
	}

	private alarmed(description: number): string {
		return explainAlert(description, this.unknown);
	}

	/** The server wants to know who this device is, and is told nothing. */
	private get unknown(): boolean {
		return this.transport?.asked === true && this.session?.options.identity === undefined;
	}

	private brokenOff(): string {
		return `the other side closed the connection during the TLS handshake${this.unknown ? ASKED : ""}`;
	}

	protected override capacity(): number {
		return Math.min((this.transport?.writable ?? 0) - OVERHEAD_BYTES, RECORD_BYTES);
	}

	protected override push(bytes: Uint8Array): boolean {
		if (!this.session || !this.transport) return false;
		this.session.write(this.transport, bytes);
		return true;
	}

	private tellConnected(): void {
		this.connected = true;
		const { handler } = this;
		if (handler.onConnected) enter("connection", handler, handler.onConnected, undefined, undefined);
	}

	private handshake(): void {
		while (this.session && this.transport) {
			const unread = this.transport.readable;
			this.transport.hold();
			const over = this.session.handshake(this.transport);
			this.transport.release();
			// An address was no part of the greeting; without a name the SDK keeps no session.
			this.session.options.tls_server_name ??= this.serverName;
			if (over) {
				// A farewell in the middle of the handshake counts as its end to the SDK, and must not to us.
				const alert = this.session.alert;
				if (alert) this.fail(this.alarmed(alert.description));
				else this.open();
				return;
			}
			if (this.transport.readable === unread && this.session.handshakeProcess === WAITING) return;
		}
	}
}

/** Says of a chain whether it convinces, and lets those know who keep the session. */
function judgeOf({ serverName, roots, pins = NO_PINS }: TlsOptions, sessions: TlsSessions): Judge {
	return (chain) => {
		const nowMs = Date.now();
		const trusted = checkChain(chain, { host: serverName, roots, pins, nowMs }, sdkCrypto);
		sessions.agreed(trusted, nowMs);
		return trusted.leaf;
	};
}

function sessionOf({ serverName, identity, protocol }: TlsOptions, gate: HandshakeGate): Session<TlsTransport> {
	const options: SessionOptions = {
		protocolVersion: TLS_1_2,
		tls_elliptic_curves: CURVES,
		cache: false, // ours is in its place
		gate,
	};
	if (ipv4Bytes(serverName) === undefined) options.tls_server_name = serverName; // RFC 6066 §3 allows no addresses in SNI
	// The SDK puts each message of the handshake into one record, and with it all certificates of this device.
	if (sizeOf(identity) <= RECORD_BYTES) options.tls_max_fragment_length = RECORD_BYTES;
	if (protocol !== undefined) options.applicationLayerProtocolNegotiation = protocol;
	const key = identity && new DeviceKey(identity);
	if (key !== undefined) options.identity = key;
	const session = new Session<TlsTransport>(options);
	if (key?.kind === "ec") signHere(session);
	return session;
}

/** Of a message with this device's certificates (RFC 5246 §7.4.2). */
function sizeOf(identity: TlsOptions["identity"]): number {
	return identity?.certificates.reduce((sum, { length }) => sum + 3 + length, 7) ?? 0;
}

function farewell(session: Session<TlsTransport>, transport: TlsTransport): void {
	try {
		session.close(transport);
	} catch {
		// The connection ends either way.
	}
}
