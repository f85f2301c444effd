import type { Clock } from "../ports/clock.js";
import type { Stream, StreamHandler } from "../ports/network.js";
import { encode } from "./codec.js";
import { lost, silent } from "./ends.js";
import { DISCONNECT_WITH_WILL, type Fault, NORMAL_DISCONNECTION } from "./fault.js";
import { Framer } from "./framer.js";
import { KeepAlive } from "./keep-alive.js";
import { incomingAt, sessionMemory } from "./memory.js";
import { PINGREQ } from "./packet.js";
import { Sender } from "./sender.js";
import type { Refusal, SessionEnd, SessionEndKind, SessionHandler, SessionOptions, SessionState } from "./types.js";

/** A name is known and a peer is there: TCP and a TLS handshake on the slowest chip take less. */
const OPEN_MS = 45_000;
/** A server that has our CONNECT or SUBSCRIBE answers in a fraction of this, even over a slow link. */
const ANSWER_MS = 20_000;

export const NEVER = Number.POSITIVE_INFINITY;

/**
 * One connection after another, as far as it is the same for every packet: bytes in and out, keep-alive, deadlines, and
 * the one way in which all of it ends. What the packets mean is the business of the session, which extends it.
 */
export abstract class Connection implements StreamHandler {
	// What every message looks at comes first: XS walks over what is before it. `refused` is told at the next `run`.
	protected stateNow: SessionState = "closed";
	protected readonly sender: Sender;
	protected refused: Refusal | undefined = undefined;
	protected version: 4 | 5 = 5;
	protected readonly options: SessionOptions;
	protected readonly handler: SessionHandler;
	protected readonly clock: Clock;
	protected readonly keepAlive: KeepAlive = new KeepAlive();
	/** When the stream must be open, or the answer to CONNECT, SUBSCRIBE or UNSUBSCRIBE here. */
	protected answerMs = NEVER;
	/** Something was refused for want of room. */
	protected wantsRoom = false;
	/** Counts connections, so that what runs in a handler can be told from what ran before it. */
	protected epoch = 0;
	protected readonly framer: Framer;
	/** A server that answered MQTT 5 once is not taken for an old one later. */
	protected metVersion5 = false;

	constructor(options: SessionOptions, clock: Clock, handler: SessionHandler) {
		this.options = options;
		this.handler = handler;
		this.clock = clock;
		const memory = sessionMemory(options.sendBytesMax, options.receiveBytesMax);
		this.framer = new Framer(memory, incomingAt(options.sendBytesMax));
		this.sender = new Sender(memory, options.sendBytesMax);
	}

	get state(): SessionState {
		return this.stateNow;
	}

	/**
	 * Takes over a stream that is being connected; CONNECT goes out when it opens. A session that is still on another
	 * stream leaves that without a word.
	 */
	open(stream: Stream, version: 4 | 5): void {
		this.leave();
		this.epoch++;
		this.version = version;
		this.stateNow = "opening";
		this.framer.reset(version);
		this.sender.use(stream);
		this.keepAlive.start(0, 0);
		this.answerMs = this.clock.monotonicMs() + OPEN_MS;
	}

	/**
	 * Says DISCONNECT where the server would understand it, and closes the stream. No `onEnded` follows.
	 * @param withWill the server is to publish the will all the same; MQTT 3.1.1 does so when nothing is said.
	 */
	close(withWill = false): void {
		if (this.stateNow === "online" && (this.version === 5 || !withWill))
			this.disconnect(withWill ? DISCONNECT_WITH_WILL : NORMAL_DISCONNECTION);
		this.leave();
	}

	abstract onOpen(): void;

	/**
	 * Takes bytes from the stream; they may bring several packets, or a part of one. An error thrown by a handler is
	 * thrown again, for the guard to report, when all bytes are taken: else the stream would go on in mid-packet.
	 */
	onData(bytes: Uint8Array, count: number): void {
		const { stream } = this.sender;
		if (stream === undefined) return;
		let thrown: unknown;
		this.framer.feed(bytes, count);
		while (this.sender.stream === stream && this.framer.next()) {
			try {
				this.onFrame(this.framer.bytes, this.framer.start, this.framer.end);
			} catch (error) {
				thrown ??= error;
			}
		}
		const fault = this.sender.stream === stream ? this.framer.fault : undefined;
		this.framer.release();
		this.release();
		if (fault !== undefined) this.fail(fault);
		if (thrown !== undefined) throw thrown;
	}

	onWritable(): void {
		if (this.sender.stream === undefined) return;
		this.sender.writable();
		this.tellRoom();
	}

	onClose(reason: string): void {
		if (this.stateNow === "closed") return;
		const greeted = this.stateNow === "connecting";
		this.sender.use(undefined);
		this.endWith(lost(reason, greeted && this.version === 5 && !this.metVersion5));
	}

	/** One packet, `bytes[start..end)`, lent until this returns. */
	protected abstract onFrame(bytes: Uint8Array, start: number, end: number): void;

	/** The chunk belongs to the platform again. */
	protected abstract release(): void;

	/** Forgets what belonged to the connection, and only that. */
	protected abstract forget(): void;

	/** Sends what was made in `sender.bytes`; false when there is no room, and `onRoom` will follow. */
	protected send(count: number, nowMs: number): boolean {
		const taken = this.sender.send(count);
		if (taken) this.keepAlive.sent(nowMs);
		else this.wantsRoom = true;
		return taken;
	}

	/** The server is to answer a CONNECT, SUBSCRIBE or UNSUBSCRIBE. */
	protected awaitAnswer(nowMs: number): void {
		this.answerMs = nowMs + ANSWER_MS;
	}

	/** What was refused for want of room may be tried again. */
	protected tellRoom(): void {
		if (!this.wantsRoom || this.stateNow !== "online" || !this.sender.ready) return;
		this.wantsRoom = false;
		this.handler.onRoom();
	}

	/** The time of the next deadline of this part. */
	protected connectionDueMs(): number {
		return Math.min(this.answerMs, this.keepAlive.dueMs());
	}

	/** Pings, or ends what has been silent too long. */
	protected runConnection(nowMs: number): void {
		if (nowMs >= this.answerMs) this.endWith(silent(this.stateNow === "opening", OPEN_MS, ANSWER_MS));
		else if (nowMs < this.keepAlive.dueMs()) return;
		else if (this.keepAlive.waiting) this.end("network", "The broker no longer answers");
		else {
			this.keepAlive.pinged(nowMs);
			if (this.sender.sendEmpty(PINGREQ << 4)) this.keepAlive.sent(nowMs);
		}
	}

	/** The server broke the protocol: says so to it where it understands, and ends (MQTT 5 §4.13, 3.1.1 §4.8). */
	protected fail(fault: Fault): void {
		if (this.stateNow === "online" && this.version === 5) this.disconnect(fault.code);
		this.end("protocol", `The broker broke the MQTT protocol: ${fault.reason}`);
	}

	/** Closes the stream and tells the owner. Safe to call in any state. */
	protected end(kind: SessionEndKind, reason: string): void {
		this.endWith({ kind, reason });
	}

	protected endWith(end: SessionEnd): void {
		if (this.stateNow === "closed") return;
		this.leave();
		this.handler.onEnded(end);
	}

	private disconnect(reasonCode: number): void {
		const count = encode({ cmd: "disconnect", reasonCode }, this.sender.bytes, this.version);
		if (count > 0) this.sender.send(count);
	}

	private leave(): void {
		const { stream } = this.sender;
		this.stateNow = "closed";
		this.sender.use(undefined);
		this.answerMs = NEVER;
		this.wantsRoom = false;
		this.keepAlive.start(0, 0);
		this.forget();
		stream?.close();
	}
}
