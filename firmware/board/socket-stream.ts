import TCP from "embedded:io/socket/tcp";
import type { Stream, StreamHandler, StreamOptions } from "../ports/network.js";
import { enter } from "./entry.js";
import { type Later, soon } from "./soon.js";
import { messageOf } from "./words.js";

/**
 * What TCP and TLS streams share: one socket, its end told once and in words, and the part of a write that found no room.
 * No exception leaves a callback: what the SDK throws ends the stream, what the handler throws goes to the entry.
 */
export abstract class SocketStream implements Stream, Later {
	protected readonly handler: StreamHandler;
	protected socket: TCP<SocketStream> | undefined;
	protected opened = false;
	/** What is still to be sent of the last write. */
	private rest: Uint8Array | undefined;
	/** Why the stream is about to end. */
	private failure: string | undefined;

	constructor({ address, port }: StreamOptions, handler: StreamHandler) {
		this.handler = handler;
		try {
			this.socket = new TCP<SocketStream>({
				address,
				port,
				nodelay: true,
				target: this,
				onReadable,
				onWritable,
				onError,
			});
		} catch (error) {
			this.failSoon(`cannot connect to ${address}: ${messageOf(error)}`);
		}
	}

	/** Takes what arrived; `unread` is how much. May throw. */
	abstract received(unread: number): void;
	/** There is `room` for so much more on the socket, or it has just connected. May throw. */
	abstract roomFor(room: number): void;
	/** How many bytes `push` would take now. */
	protected abstract capacity(): number;
	/** Sends all of `bytes`; false when the connection is broken. May throw. */
	protected abstract push(bytes: Uint8Array): boolean;

	write(bytes: Uint8Array, count: number): boolean {
		if (!this.opened || this.rest) return false;
		const sent = this.send(bytes, 0, count);
		if (sent < count) this.rest = bytes.slice(sent, count);
		return true;
	}

	close(): void {
		this.opened = false;
		this.rest = undefined;
		this.failure = undefined;
		const socket = this.socket;
		this.socket = undefined;
		socket?.close();
	}

	happen(): void {
		if (this.failure) this.fail(this.failure);
	}

	/** Ends the stream from a callback of the platform. */
	fail(reason: string): void {
		// Without socket and reason it was closed before, and nobody wants to hear of it.
		if (!this.socket && !this.failure) return;
		try {
			this.close();
		} catch {
			// The socket is gone either way.
		}
		enter("connection", this.handler, this.handler.onClose, reason, undefined);
	}

	/** Lets one callback of the platform do its work; what that throws ends the stream. */
	attempt(step: (this: SocketStream, count: number) => void, count: number): void {
		if (!this.socket) return;
		try {
			step.call(this, count);
		} catch (error) {
			this.fail(this.explain(error));
		}
	}

	/** Why the socket ended without having said so. */
	lost(): void {
		this.fail(this.opened ? "the other side closed the connection, or it broke" : "refused, or no answer");
	}

	protected explain(error: unknown): string {
		return messageOf(error);
	}

	protected open(): void {
		this.opened = true;
		enter("connection", this.handler, this.handler.onOpen, undefined, undefined);
	}

	/** Sends what waits, and tells the handler when nothing does any more. */
	protected flush(): void {
		const rest = this.rest;
		if (!rest) return;
		const sent = this.send(rest, 0, rest.length);
		if (sent < rest.length) {
			this.rest = rest.subarray(sent);
			return;
		}
		this.rest = undefined;
		enter("connection", this.handler, this.handler.onWritable, undefined, undefined);
	}

	/** Sends as much of `bytes[from..to)` as there is room for, and returns where it stopped. */
	private send(bytes: Uint8Array, from: number, to: number): number {
		const end = Math.min(to, from + this.capacity());
		if (end <= from) return from;
		try {
			const all = from === 0 && end === bytes.length;
			if (!this.push(all ? bytes : bytes.subarray(from, end))) this.failSoon("the connection broke while sending");
		} catch (error) {
			this.failSoon(this.explain(error));
		}
		return end;
	}

	/** Ends the stream once whoever is calling it has returned: they do not expect `onClose` from within `write`. */
	protected failSoon(reason: string): void {
		this.failure ??= reason;
		soon(this);
	}
}

function onReadable(this: TCP<SocketStream>, unread: number): void {
	this.target.attempt(this.target.received, unread);
}

function onWritable(this: TCP<SocketStream>, room: number): void {
	this.target.attempt(this.target.roomFor, room);
}

function onError(this: TCP<SocketStream>): void {
	this.target.lost();
}
