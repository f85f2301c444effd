import type { Clock } from "../ports/clock.js";
import type { Store } from "../ports/store.js";
import type { Text } from "../ports/text.js";
import { encode } from "./codec.js";
import { subscribePacket, unsubscribePacket } from "./connect.js";
import { Exchange } from "./exchange.js";
import { filterFault } from "./limits.js";
import { type PacketOut, SUBACK, UNSUBACK } from "./packet.js";
import { useText } from "./standins/text.js";
import type { PublishExtras, Refusal, SessionHandler, SessionOptions, SubscribeOptions } from "./types.js";

export type {
	Message,
	Outgoing,
	PublishExtras,
	SessionEnd,
	SessionEndKind,
	SessionHandler,
	SessionOptions,
	SessionState,
	SubscribeOptions,
	Will,
} from "./types.js";

/** A server acknowledges in well under a second; after this it has forgotten. */
const ACKNOWLEDGE_MS = 30_000;

/**
 * One MQTT client, 3.1.1 and 5.0, QoS 0, 1 and 2 in both directions, over one byte stream at a time.
 *
 * Without `sessionExpiryS` it begins every connection afresh: what was in flight when one ended is for the owner of its
 * token to publish again. With it the session goes on over connections, and what the server may not have is sent again
 * under its old identifier; its owner is asked for it (`onResend`). With a store besides, QoS 2 holds over power cuts: see
 * kept-state.ts. A session belongs to one server: where there are several, `forgetSession` comes between them.
 *
 * Nothing that a server sends makes it throw, loop, or keep more than `receiveBytesMax` bytes; the first fault of the
 * server ends the connection. Calls from inside a handler are fine, `close` and `open` included.
 */
export class Session extends Exchange {
	/** @param store where the session's own state outlives the power; used with `sessionExpiryS` only. */
	constructor(options: SessionOptions, clock: Clock, text: Text, handler: SessionHandler, store?: Store) {
		super(options, clock, text, handler, store);
		useText(text);
	}

	/** Monotonic time of the next deadline in milliseconds, Infinity when there is none. Call `run` then. */
	get dueMs(): number {
		if (this.refused !== undefined) return 0;
		return Math.min(this.connectionDueMs(), this.inFlight.oldestMs() + ACKNOWLEDGE_MS);
	}

	/** Does what has become due. Any time is a good time. */
	run(nowMs: number): void {
		if (this.refused !== undefined) this.tellRefused(this.refused);
		if (nowMs >= this.inFlight.oldestMs() + ACKNOWLEDGE_MS)
			this.end("network", `The broker did not acknowledge a message within ${ACKNOWLEDGE_MS / 1000} s`);
		this.runConnection(nowMs);
	}

	/**
	 * Sends one message. What the server cannot do is left out: the QoS is lowered, the retain flag dropped.
	 * @param token what `onAcknowledged` and `onResend` call the message. Of QoS 2 it is unique: while the message of a token
	 * is on its way, also since before a restart, publishing that again does nothing and is no failure.
	 * @param extras sent with MQTT 5 only.
	 * @returns false when it cannot go now: not online, no room in the window or the socket; `onRoom` follows when there
	 * is room again. True when it is sent, or can never be (bad topic, too large): `onAcknowledged` then says so.
	 */
	publish(
		topic: string,
		payload: string | Uint8Array,
		qos: 0 | 1 | 2,
		retain: boolean,
		token: number,
		extras?: PublishExtras,
	): boolean {
		if (this.stateNow !== "online") return false;
		if (qos > 0 && this.limits.maximumQos > 0) return this.publishReliably(topic, payload, qos, retain, token, extras);
		const sender = this.sender;
		const prepared = this.prepared;
		if (sender.blocked || this.refused !== undefined) return this.noRoom();
		const flags = retain && this.limits.retainAvailable ? 1 : 0;
		const count = prepared.make(flags, 0, topic, payload, extras);
		if (count < 0) return this.refuse(token, this.unsendable(topic, count));
		// The keep-alive is not told: it looks at what is answered too, and so would ping no later.
		if (!sender.send(count)) return this.noRoom();
		if (prepared.aliased) this.prepared.aliases.sent(topic);
		return true;
	}

	private publishReliably(
		topic: string,
		payload: string | Uint8Array,
		qos: number,
		retain: boolean,
		token: number,
		extras: PublishExtras | undefined,
	): boolean {
		const { sender, limits, inFlight } = this;
		if (qos === 2 && inFlight.holds(token)) return true;
		const level = Math.min(qos, limits.maximumQos);
		const { count: open, sent } = inFlight;
		// As `window` says it, without the calls.
		const isFull = open >= inFlight.max || open >= limits.receiveMaximum || sent < open;
		if (sender.blocked || this.refused !== undefined || isFull) return this.noRoom();
		const id = inFlight.nextId(this.asked?.id ?? 0);
		const flags = (level << 1) | (retain && limits.retainAvailable ? 1 : 0);
		const count = this.prepared.make(flags, id, topic, payload, extras);
		if (count < 0) return this.refuse(token, this.unsendable(topic, count));
		const nowMs = this.clock.monotonicMs();
		inFlight.add(id, token, level, nowMs);
		if (level === 2) this.keep();
		const taken = this.send(count, nowMs);
		if (!taken) inFlight.remove(inFlight.count - 1);
		else if (this.prepared.aliased) this.prepared.aliases.sent(topic);
		return taken;
	}

	/**
	 * Asks for every filter in one SUBSCRIBE; `onSubscribed` answers. `filters` must not change until then.
	 * @returns false when it cannot go now: not online, no room, or the last one is not answered; see `onRoom`.
	 */
	subscribe(filters: readonly string[], qos: 0 | 1 | 2, options?: SubscribeOptions): boolean {
		return this.request(SUBACK, filters, options, (id) => subscribePacket(filters, qos, id, options));
	}

	/** Ends the subscriptions to all filters in one UNSUBSCRIBE; `onUnsubscribed` answers. As `subscribe` otherwise. */
	unsubscribe(filters: readonly string[]): boolean {
		return this.request(UNSUBACK, filters, undefined, (id) => unsubscribePacket(filters, id));
	}

	/**
	 * Closes, and forgets the session, for another server or another owner: the next connection begins afresh, and whatever
	 * was not acknowledged is to be published again.
	 */
	forgetSession(): void {
		this.close();
		this.dropState();
		this.kept?.drop();
		this.resumable = false;
		this.discard = true;
	}

	protected override forget(): void {
		super.forget();
		this.refused = undefined;
	}

	private request(
		answerType: number,
		filters: readonly string[],
		options: SubscribeOptions | undefined,
		make: (id: number) => PacketOut,
	): boolean {
		if (this.stateNow !== "online") return false;
		if (this.refused !== undefined || !this.sender.ready || this.asked !== undefined) return this.noRoom();
		const fault = filterFault(filters, options, this.limits);
		if (fault !== undefined) return this.refuse(undefined, fault, answerType);
		const id = this.inFlight.nextId(0);
		const count = encode(make(id), this.sender.bytes, this.version);
		if (count < 0 || count > this.prepared.most)
			return this.refuse(undefined, "The subscription is larger than what can be sent", answerType);
		const nowMs = this.clock.monotonicMs();
		if (!this.send(count, nowMs)) return false;
		this.asked = { id, answerType, filters };
		this.awaitAnswer(nowMs);
		return true;
	}

	private noRoom(): false {
		this.wantsRoom = true;
		return false;
	}

	/** Not told at once: the caller has yet to note that it handed the message over. */
	private refuse(token: number | undefined, why: string, answerType = 0): true {
		this.refused = { token, answerType, why };
		return true;
	}

	private tellRefused({ token, answerType, why }: Refusal): void {
		this.refused = undefined;
		if (token !== undefined) this.handler.onAcknowledged(token, why);
		else if (answerType === SUBACK) this.handler.onSubscribed(why);
		else this.handler.onUnsubscribed?.(why);
		this.tellRoom();
	}
}
