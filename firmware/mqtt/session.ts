import type { Clock } from "../ports/clock.js";
import type { Text } from "../ports/text.js";
import { encode } from "./codec.js";
import { subscribePacket } from "./connect.js";
import { Exchange } from "./exchange.js";
import { writePublish } from "./publish-writer.js";
import { useText } from "./standins/text.js";
import { isTopicName } from "./topics.js";
import type { PublishExtras, SessionHandler, SessionOptions } from "./types.js";

export type {
	Message,
	PublishExtras,
	SessionEnd,
	SessionEndKind,
	SessionHandler,
	SessionOptions,
	SessionState,
	Will,
} from "./types.js";

/** A server acknowledges in well under a second; after this it has forgotten. */
const ACKNOWLEDGE_MS = 30_000;

/**
 * One MQTT client, 3.1.1 and 5.0, QoS 0 and 1, over one byte stream at a time. It begins every connection afresh (Clean
 * Start): what was in flight when one ended is for the owner of its token to publish again.
 *
 * Nothing that a server sends makes it throw, loop, or keep more than `receiveBytesMax` bytes; the first fault of the
 * server ends the connection. Calls from inside a handler are fine, `close` and `open` included.
 */
export class Session extends Exchange {
	/** A message, or a SUBSCRIBE, that can never be sent; told at the next `run`. */
	private refusedToken: number | undefined = undefined;
	private refusedWhy: string | undefined = undefined;

	constructor(options: SessionOptions, clock: Clock, text: Text, handler: SessionHandler) {
		super(options, clock, text, handler);
		useText(text);
	}

	/** Monotonic time of the next deadline in milliseconds, Infinity when there is none. Call `run` then. */
	get dueMs(): number {
		if (this.refusedWhy !== undefined) return 0;
		return Math.min(this.connectionDueMs(), this.inFlight.oldestMs() + ACKNOWLEDGE_MS);
	}

	/** Largest packet that can be sent now, in bytes with its fixed header. */
	get sendBytesMax(): number {
		return Math.min(this.sender.bytes.length, this.limits.maximumPacketBytes);
	}

	/** Does what has become due. Any time is a good time. */
	run(nowMs: number): void {
		if (this.refusedWhy !== undefined) this.tellRefused(this.refusedWhy);
		if (nowMs >= this.inFlight.oldestMs() + ACKNOWLEDGE_MS)
			this.end("network", `The broker did not acknowledge a message within ${ACKNOWLEDGE_MS / 1000} s`);
		this.runConnection(nowMs);
	}

	/**
	 * Sends one message. What the server cannot do is left out: the QoS is lowered, the retain flag dropped.
	 * @param extras sent with MQTT 5 only.
	 * @returns false when it cannot go now: not online, no room in the window or the socket; `onRoom` follows when there
	 * is room again. True when it is sent, or can never be (bad topic, too large): `onAcknowledged` then says so.
	 */
	publish(
		topic: string,
		payload: string | Uint8Array,
		qos: 0 | 1,
		retain: boolean,
		token: number,
		extras?: PublishExtras,
	): boolean {
		if (this.stateNow !== "online") return false;
		const reliable = qos > 0 && this.limits.maximumQos > 0;
		if (this.refusedWhy !== undefined || !this.sender.ready || (reliable && this.windowFull())) return this.noRoom();
		if (!isTopicName(topic)) return this.refuse(token, `"${topic}" is not a topic that one can publish to`);
		const id = reliable ? this.inFlight.nextId(this.subscribeId) : 0;
		const flags = (reliable ? 2 : 0) | (retain && this.limits.retainAvailable ? 1 : 0);
		const count = writePublish(this.sender.bytes, this.text, this.version, flags, id, topic, payload, extras);
		if (count < 0 || count > this.limits.maximumPacketBytes)
			return this.refuse(token, `A message to ${topic} is larger than the ${this.sendBytesMax} bytes that can be sent`);
		const nowMs = this.clock.monotonicMs();
		if (!this.send(count, nowMs)) return false;
		if (reliable) this.inFlight.add(id, token, nowMs);
		return true;
	}

	/**
	 * Asks for every filter in one SUBSCRIBE; `onSubscribed` answers. `filters` must not change until then.
	 * @returns false when it cannot go now: not online, no room, or the last one is not answered; see `onRoom`.
	 */
	subscribe(filters: readonly string[], qos: 0 | 1): boolean {
		if (this.stateNow !== "online") return false;
		if (this.refusedWhy !== undefined || !this.sender.ready || this.subscribeId !== 0) return this.noRoom();
		const id = this.inFlight.nextId(0);
		const count = encode(subscribePacket(filters, qos, id), this.sender.bytes, this.version);
		if (count < 0 || count > this.limits.maximumPacketBytes)
			return this.refuse(undefined, "The subscription is larger than what can be sent");
		const nowMs = this.clock.monotonicMs();
		if (!this.send(count, nowMs)) return false;
		this.subscribeId = id;
		this.filters = filters;
		this.awaitAnswer(nowMs);
		return true;
	}

	protected override forget(): void {
		super.forget();
		this.refusedToken = undefined;
		this.refusedWhy = undefined;
	}

	private windowFull(): boolean {
		return this.inFlight.count >= Math.min(this.inFlight.max, this.limits.receiveMaximum); // [MQTT-4.9.0-2]
	}

	private noRoom(): false {
		this.wantsRoom = true;
		return false;
	}

	/** Not told at once: the caller has yet to note that it handed the message over. */
	private refuse(token: number | undefined, why: string): true {
		this.refusedToken = token;
		this.refusedWhy = why;
		return true;
	}

	private tellRefused(why: string): void {
		const token = this.refusedToken;
		this.refusedToken = undefined;
		this.refusedWhy = undefined;
		if (token === undefined) this.handler.onSubscribed(why);
		else this.handler.onAcknowledged(token, why);
		this.tellRoom();
	}
}
