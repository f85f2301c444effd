import type { Message, Outgoing, SessionEnd, SessionHandler, SessionOptions } from "../../firmware/mqtt/session.js";
import { Session } from "../../firmware/mqtt/session.js";
import type { Clock } from "../../firmware/ports/clock.js";
import type { Stream } from "../../firmware/ports/network.js";
import type { Store } from "../../firmware/ports/store.js";
import type { Text } from "../../firmware/ports/text.js";

const encoder = new TextEncoder();

/** UTF-8 as Node does it. */
export const nodeText: Text = {
	encode: (text) => encoder.encode(text),
	write(text, into, at) {
		const bytes = encoder.encode(text);
		if (at + bytes.length > into.length) return -1;
		into.set(bytes, at);
		return bytes.length;
	},
	decode: (bytes, start, end) =>
		new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(start, end)),
};

/** Bytes from hexadecimal digits, spaces ignored; text in quotes stands for its UTF-8. */
export function hex(text: string): Uint8Array {
	const bytes: number[] = [];
	for (const part of text.match(/"[^"]*"|[0-9a-f]{2}/gi) ?? []) {
		if (part.startsWith('"')) bytes.push(...encoder.encode(part.slice(1, -1)));
		else bytes.push(Number.parseInt(part, 16));
	}
	return Uint8Array.from(bytes);
}

export function toHex(bytes: Uint8Array): string {
	return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** A stream that keeps what is written to it. */
export class ScriptedStream implements Stream {
	readonly written: string[] = [];
	closed = 0;
	/** Writes still taken before the stream is full. */
	room = Number.POSITIVE_INFINITY;

	write(bytes: Uint8Array, count: number): boolean {
		if (this.closed > 0) throw new Error("written after it was closed");
		if (this.room === 0) return false;
		this.room--;
		this.written.push(toHex(bytes.subarray(0, count)));
		return true;
	}

	close(): void {
		this.closed++;
	}

	/** What was written since the last call. */
	take(): string[] {
		return this.written.splice(0);
	}
}

export class Recorder implements SessionHandler {
	readonly calls: string[] = [];
	readonly ends: SessionEnd[] = [];
	/** Called in the middle of `onMessage`. */
	during: ((message: Message) => void) | undefined;
	/** What its owner still has, by token. */
	readonly owned = new Map<number, Outgoing>();

	onOnline(sessionPresent: boolean): void {
		this.calls.push(`online ${sessionPresent}`);
	}
	onSubscribed(refused: string | undefined): void {
		this.calls.push(`subscribed ${refused ?? "all"}`);
	}
	onMessage(message: Message): void {
		const flags = `${message.retain ? " retained" : ""}${message.duplicate ? " again" : ""}`;
		const reply = message.responseTopic === undefined ? "" : ` reply to ${message.responseTopic}`;
		const data = message.correlationData === undefined ? "" : ` with ${toHex(message.correlationData)}`;
		this.calls.push(`message ${message.topic} ${toHex(message.payload)} q${message.qos}${flags}${reply}${data}`);
		this.during?.(message);
	}
	onUnsubscribed(refused: string | undefined): void {
		this.calls.push(`unsubscribed ${refused ?? "all"}`);
	}
	onResend(token: number): Outgoing | undefined {
		this.calls.push(`resend ${token}`);
		return this.owned.get(token);
	}
	onAcknowledged(token: number, refused: string | undefined): void {
		this.calls.push(`acknowledged ${token} ${refused ?? "taken"}`);
	}
	onRoom(): void {
		this.calls.push("room");
	}
	onEnded(end: SessionEnd): void {
		this.ends.push(end);
		this.calls.push(`ended ${end.kind}: ${end.reason}`);
	}
	take(): string[] {
		return this.calls.splice(0);
	}
}

/** A store that says what is written to it, and can lose power. */
export class ScriptedStore implements Store {
	readonly values = new Map<string, string>();
	readonly written: string[] = [];
	/** Called before a write takes effect; what it throws, the write throws. */
	before: (() => void) | undefined;

	get(key: string): string | undefined {
		return this.values.get(key);
	}
	set(key: string, value: string): void {
		this.before?.();
		this.values.set(key, value);
		this.written.push(value);
	}
	delete(key: string): void {
		this.before?.();
		this.values.delete(key);
		this.written.push("deleted");
	}
	/** What was written since the last call. */
	take(): string[] {
		return this.written.splice(0);
	}
}

export class ManualClock implements Clock {
	nowMs = 1_000;
	monotonicMs(): number {
		return this.nowMs;
	}
	wallMs(): undefined {
		return undefined;
	}
	setWallMs(): void {}
}

export const OPTIONS: SessionOptions = {
	clientId: "dev",
	keepAliveS: 60,
	receiveBytesMax: 256,
	sendBytesMax: 256,
	inFlightMax: 4,
};

/** One session on a scripted stream. */
export class Bench {
	readonly clock = new ManualClock();
	readonly handler = new Recorder();
	readonly session: Session;
	stream = new ScriptedStream();

	constructor(options: Partial<SessionOptions> = {}, store?: Store) {
		this.session = new Session({ ...OPTIONS, ...options }, this.clock, nodeText, this.handler, store);
	}

	/** Opens a connection as far as CONNECT. */
	open(version: 4 | 5): this {
		this.stream = new ScriptedStream();
		this.session.open(this.stream, version);
		this.session.onOpen();
		return this;
	}

	/** Opens a connection as far as `online`, and forgets what was said on the way. */
	online(version: 4 | 5, connack = version === 5 ? "20 03 00 00 00" : "20 02 00 00"): this {
		this.open(version).receive(connack);
		this.handler.take();
		this.stream.take();
		return this;
	}

	/** Bytes arrive, in a buffer that is taken away afterwards as the platform would. */
	receive(bytes: string | Uint8Array): this {
		const data = typeof bytes === "string" ? hex(bytes) : bytes.slice();
		const lent = new Uint8Array(data.length + 3).fill(0xee);
		lent.set(data);
		try {
			this.session.onData(lent, data.length);
		} finally {
			lent.fill(0xdd);
		}
		return this;
	}

	/** Time passes; whatever becomes due is done at its time. */
	pass(ms: number): this {
		const end = this.clock.nowMs + ms;
		for (let rounds = 0; this.session.dueMs <= end; rounds++) {
			if (rounds > 1_000) throw new Error("time stands still");
			this.clock.nowMs = Math.max(this.clock.nowMs, this.session.dueMs);
			this.session.run(this.clock.nowMs);
		}
		this.clock.nowMs = end;
		return this;
	}
}
