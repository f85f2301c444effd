import type { Clock } from "../ports/clock.js";
import type { Text } from "../ports/text.js";
import { tooMany } from "./fault.js";
import { Inbound } from "./inbound.js";
import { RECEIVED_MAX } from "./kept-state.js";
import { Outlet } from "./outlet.js";
import { PUBACK, PUBCOMP, PUBREC } from "./packet.js";
import { RECEIVE_MAXIMUM } from "./sender.js";
import { Shape } from "./shape.js";
import type { SessionHandler, SessionOptions } from "./types.js";

const PUBACK_FIRST = PUBACK << 4;
const PUBREC_FIRST = PUBREC << 4;
const PUBCOMP_FIRST = PUBCOMP << 4;

/** In flash: where the server publishes with QoS 2 to nobody, there is none in memory. */
export const NONE: readonly number[] = Object.freeze<number[]>([]);

/** A PUBREC, PUBREL or PUBCOMP of MQTT 5 for an identifier that is not known (tables 3-6, 3-7). */
export const ID_NOT_FOUND = 0x92;

/** Messages from the server: PUBLISH of every QoS, and PUBREL (§4.3, the receiver's half). */
export abstract class Receiver extends Outlet {
	protected readonly shape: Shape;
	/** Identifiers of QoS 2 messages that were handed on, until the server releases them. */
	protected received: readonly number[] = NONE;
	protected readonly message: Inbound;

	constructor(options: SessionOptions, clock: Clock, text: Text, handler: SessionHandler) {
		super(options, clock, text, handler);
		this.shape = new Shape(options.topicAliasMax);
		this.message = new Inbound(options.topicAliasMax);
	}

	protected override release(): void {
		this.shape.release();
	}

	/** Keeps what must outlive a power cut, before the packet that depends on it goes out. */
	protected abstract keep(): void;

	protected onPublish(): void {
		const fault = this.message.read(this.shape, this.text);
		if (fault !== undefined) {
			this.fail(fault);
			return;
		}
		const { id, flags } = this.shape;
		const { refusal } = this.message;
		const qos = (flags >> 1) & 3;
		if (qos === 2 && this.received.includes(id)) {
			this.message.release();
			this.acknowledge(PUBREC_FIRST, id); // [MQTT-4.3.3-10]: it was handed on before
			return;
		}
		if (qos > 0 && !this.hasRoom()) {
			this.message.release();
			this.fail(tooMany("it sends more messages at once than it was told that we take"));
			return;
		}
		if (refusal !== 0) {
			this.message.release();
			if (qos > 0) this.acknowledge(qos === 1 ? PUBACK_FIRST : PUBREC_FIRST, id, refusal); // which ends the exchange
			return;
		}
		if (qos === 2) {
			this.received = [...this.received, id];
			this.keep();
		}
		this.handOn(id, qos);
	}

	/** A message is acknowledged once its owner is done with it, even when that failed. */
	private handOn(id: number, qos: number): void {
		const epoch = this.epoch;
		try {
			this.handler.onMessage(this.message);
		} finally {
			this.message.release();
			if (qos > 0 && this.epoch === epoch && this.stateNow === "online")
				this.acknowledge(qos === 1 ? PUBACK_FIRST : PUBREC_FIRST, id);
		}
	}

	/** §4.3.3: the server will not send this message again; its identifier is free [MQTT-4.3.3-12]. */
	protected onPubrel(): void {
		const { id } = this.shape;
		const place = this.received.indexOf(id);
		if (place >= 0) {
			this.received = this.received.filter((other) => other !== id);
			this.keep();
		}
		this.acknowledge(PUBCOMP_FIRST, id, place < 0 ? ID_NOT_FOUND : 0);
	}

	/** Whether the server may send one more (MQTT 5 §3.3.4, Receive Maximum); an older server cannot be told how many. */
	private hasRoom(): boolean {
		const open = this.received.length + this.sender.waitingPubacks;
		return open < (this.version === 5 ? RECEIVE_MAXIMUM : RECEIVED_MAX);
	}
}
