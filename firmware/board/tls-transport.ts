import type TCP from "embedded:io/socket/tcp";
import type { Transport } from "ssl/session";
import type { HandshakeGate } from "../security/handshake-gate.js";

/** So much is taken from the socket at once while the gate looks at it: one segment. */
const PIECE_BYTES = 1_436;

/** Nobody takes what is sent. */
export class BrokenConnection extends Error {}

/** What the SDK's TLS reads from and writes to: the socket, with the gate in between. */
export class TlsTransport implements Transport {
	readable = 0;
	writable = 0;
	private readonly socket: TCP<unknown>;
	private readonly gate: HandshakeGate;
	/** What is to be sent together, and the room that there was for it. */
	private held: Uint8Array[] | undefined = undefined;
	private room = 0;
	/** How far the first piece of the gate's output is read. */
	private at = 0;

	constructor(socket: TCP<unknown>, gate: HandshakeGate) {
		this.socket = socket;
		this.gate = gate;
	}

	/** The server has asked for a certificate of this device, and not yet begun to encrypt. */
	get asked(): boolean {
		return this.gate.request !== undefined;
	}

	/** So much waits at the socket. Throws what the gate refuses. */
	arrived(unread: number): void {
		let left = unread;
		while (left > 0 && !this.gate.passing) {
			const piece = new Uint8Array(Math.min(left, PIECE_BYTES));
			this.socket.read(piece);
			left -= piece.length;
			const used = this.gate.feed(piece, piece.length);
			if (used < piece.length) this.passOn(piece.subarray(used));
		}
		this.readable = left - this.at;
		for (const record of this.gate.output) this.readable += record.length;
	}

	read(into: Uint8Array): void {
		let done = 0;
		for (let first = this.gate.output[0]; first !== undefined && done < into.length; first = this.gate.output[0]) {
			const part = first.subarray(this.at, this.at + into.length - done);
			into.set(part, done);
			done += part.length;
			this.at += part.length;
			if (this.at < first.length) continue;
			this.gate.output.shift();
			this.at = 0;
		}
		if (done === into.length) return;
		const rest = done === 0 ? into : into.subarray(done);
		this.socket.read(rest);
		this.gate.inspect(rest, rest.length);
	}

	/** Throws `BrokenConnection`: the platform may tell it in no other way. */
	write(record: Uint8Array | ArrayBuffer): number {
		const bytes = record instanceof Uint8Array ? record : new Uint8Array(record);
		this.gate.sent(bytes);
		if (this.held === undefined) return this.send(bytes);
		this.held.push(bytes);
		return this.writable;
	}

	/**
	 * From now on nothing is sent before `release`: what belongs together leaves together. A server that ends the connection
	 * at the first record would have the rest fail, and why it did so would never be read.
	 */
	hold(): void {
		this.held = [];
		this.room = this.writable;
	}

	/** Sends what was held back; throws `BrokenConnection`. */
	release(): void {
		const { held = [] } = this;
		this.held = undefined;
		const total = held.reduce((sum, { length }) => sum + length, 0);
		if (held.length > 1 && total <= this.room) this.send(joined(held, total));
		else for (const record of held) this.send(record);
	}

	private send(bytes: Uint8Array): number {
		const room = this.socket.write(bytes);
		if (room === undefined) throw new BrokenConnection("the connection broke while sending");
		return room;
	}

	/** The end of a piece that lies beyond the last message in the clear. */
	private passOn(rest: Uint8Array): void {
		this.gate.inspect(rest, rest.length);
		this.gate.output.push(rest);
	}
}

function joined(records: readonly Uint8Array[], total: number): Uint8Array {
	const all = new Uint8Array(total);
	let at = 0;
	for (const record of records) {
		all.set(record, at);
		at += record.length;
	}
	return all;
}
