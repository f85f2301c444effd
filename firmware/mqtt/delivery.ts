import type { Clock } from "../ports/clock.js";
import type { Store } from "../ports/store.js";
import type { Text } from "../ports/text.js";
import { refusedMessage } from "./ends.js";
import { type Fault, protocolError } from "./fault.js";
import { InFlight, PUBACK_AWAITED, PUBCOMP_AWAITED, PUBREC_AWAITED } from "./in-flight.js";
import { KeptState } from "./kept-state.js";
import { PUBACK, PUBREL, packetName } from "./packet.js";
import { REASON_STRING } from "./property-rules.js";
import { ID_NOT_FOUND, NONE, Receiver } from "./receiver.js";
import type { Outgoing, SessionHandler, SessionOptions } from "./types.js";

const PUBACK_FIRST = PUBACK << 4;
const PUBREL_FIRST = (PUBREL << 4) | 2;
const DUP = 8;

/**
 * Messages to the server, from PUBLISH to the last acknowledgement (§4.3, the sender's half), over as many connections as
 * that takes (§4.4), and over restarts of the device where there is a store.
 */
export abstract class Delivery extends Receiver {
	protected readonly inFlight: InFlight;
	/** The server may know our session, and we know what belongs to it. */
	protected resumable: boolean;
	protected readonly kept: KeptState | undefined;
	constructor(options: SessionOptions, clock: Clock, text: Text, handler: SessionHandler, store: Store | undefined) {
		super(options, clock, text, handler);
		this.inFlight = new InFlight(options.inFlightMax);
		this.kept = this.persistent && store !== undefined ? new KeptState(store, options.clientId) : undefined;
		const received = this.kept?.restore(this.inFlight);
		this.resumable = received !== undefined;
		this.received = received ?? NONE;
	}

	/** Sessions outlive their connection. */
	protected get persistent(): boolean {
		return (this.options.sessionExpiryS ?? 0) > 0;
	}

	/** The server has no session of ours, or is to forget it. */
	protected dropState(): void {
		this.inFlight.clear();
		this.received = NONE;
	}

	protected override forget(): void {
		if (this.persistent) this.inFlight.rewind();
		else this.dropState();
	}

	protected override keep(): void {
		this.kept?.keep(this.inFlight, this.received);
	}

	/** Writes to the store that failed since the device started. */
	get storeFailures(): number {
		return this.kept?.failures ?? 0;
	}

	/** The connection is accepted: goes on with the session where it stood, or begins a new one. */
	protected resume(present: boolean): void {
		const { epoch } = this;
		if (!present) this.dropState();
		this.keep();
		this.handler.onOnline(present);
		if (this.stateNow === "online" && this.epoch === epoch) this.tellRoom();
	}

	/** A PUBACK that comes alone and has no more to say is what comes most: it is read in one step, as it would be below. */
	override onData(bytes: Uint8Array, count: number): void {
		const isPlain = count === 4 && bytes[0] === PUBACK_FIRST && bytes[1] === 2 && this.framer.isBetweenPackets;
		const place = isPlain ? this.inFlight.find((bytes[2] as number) * 0x100 + (bytes[3] as number)) : -1;
		if (place < 0 || this.stateNow !== "online" || this.inFlight.awaitsAt(place) !== PUBACK_AWAITED) {
			super.onData(bytes, count);
			return;
		}
		this.keepAlive.received(this.clock.monotonicMs());
		this.handler.onAcknowledged(this.inFlight.remove(place), undefined);
		if (this.wantsRoom || this.inFlight.sent < this.inFlight.count) this.tellRoom();
	}

	/** §4.3.2. */
	protected onPuback(): void {
		const place = this.inFlight.find(this.shape.id);
		if (place < 0 || this.inFlight.awaitsAt(place) !== PUBACK_AWAITED) this.fail(this.unasked());
		else this.finish(place);
	}

	/** §4.3.3: the server has the message. From here on it is never sent again, only PUBREL. */
	protected onPubrec(): void {
		const { id, code } = this.shape;
		const place = this.inFlight.find(id);
		const awaits = place < 0 ? PUBCOMP_AWAITED : this.inFlight.awaitsAt(place);
		if (awaits === PUBACK_AWAITED) this.fail(this.unasked());
		else if (awaits === PUBREC_AWAITED && code >= 0x80) this.finish(place);
		else if (awaits === PUBREC_AWAITED) this.released(place, id);
		else if (code < 0x80) this.acknowledge(PUBREL_FIRST, id, place < 0 ? ID_NOT_FOUND : 0);
	}

	/** §4.3.3: the identifier is free. One that is not known is what a PUBREL after a power cut may be answered with. */
	protected onPubcomp(): void {
		const place = this.inFlight.find(this.shape.id);
		if (place < 0) return;
		if (this.inFlight.awaitsAt(place) !== PUBCOMP_AWAITED) {
			this.fail(this.unasked());
			return;
		}
		this.inFlight.remove(place);
		this.tellRoom();
	}

	/** Most QoS 1 and 2 messages on their way at once [MQTT-4.9.0-2]. */
	protected get window(): number {
		return Math.min(this.inFlight.max, this.limits.receiveMaximum);
	}

	/** What was left open goes before anything new. */
	protected override tellRoom(): void {
		if (this.inFlight.sent < this.inFlight.count) this.resend();
		if (this.inFlight.sent === this.inFlight.count) super.tellRoom();
	}

	/** Sends again what the last connection left open: with the same identifiers, in the same order [MQTT-4.4.0-1]. */
	protected resend(): void {
		const { inFlight, epoch } = this;
		let thrown: unknown;
		while (inFlight.sent < inFlight.count && this.stateNow === "online" && this.epoch === epoch) {
			if (!this.sender.ready || inFlight.sent >= this.window) break;
			if (inFlight.awaitsAt(inFlight.sent) === PUBCOMP_AWAITED) {
				inFlight.resent(this.clock.monotonicMs());
				this.acknowledge(PUBREL_FIRST, inFlight.idAt(inFlight.sent - 1));
				continue;
			}
			let message: Outgoing | undefined;
			try {
				message = this.handler.onResend?.(inFlight.tokenAt(inFlight.sent));
			} catch (error) {
				thrown ??= error; // for the guard to report; a message that cannot be had is gone
			}
			if (this.stateNow !== "online" || this.epoch !== epoch || !this.sendAgain(message)) break;
		}
		if (thrown !== undefined) throw thrown;
	}

	/** Sends the first message that did not go out on this connection. False when there is no room for it. */
	private sendAgain(message: Outgoing | undefined): boolean {
		const { inFlight } = this;
		const place = inFlight.sent;
		const nowMs = this.clock.monotonicMs();
		const reliable = inFlight.awaitsAt(place);
		if (message === undefined) return this.giveUp(place, reliable);
		const flags = DUP | (reliable << 1) | (message.retain && this.limits.retainAvailable ? 1 : 0); // [MQTT-3.3.1-1]
		const count = this.prepared.make(flags, inFlight.idAt(place), message.topic, message.payload, message.extras);
		if (count < 0) {
			this.handler.onAcknowledged(inFlight.remove(place), this.unsendable(message.topic, count));
			return true;
		}
		if (!this.send(count, nowMs)) return false;
		this.prepared.aliases.sent(message.topic);
		inFlight.resent(nowMs);
		return true;
	}

	/** The owner has the message no more. Of QoS 2 the server may: it is told to let go of the identifier. */
	private giveUp(place: number, awaits: number): true {
		if (awaits === PUBACK_AWAITED) this.inFlight.remove(place);
		else {
			const id = this.inFlight.idAt(place);
			this.inFlight.release(place, this.clock.monotonicMs());
			this.acknowledge(PUBREL_FIRST, id);
		}
		return true;
	}

	protected unasked(): Fault {
		return protocolError(`it sent a ${packetName(this.shape.type)} that nobody waits for`);
	}

	/** The server has taken a QoS 1 message, or refuses one of either kind. */
	private finish(place: number): void {
		const { shape } = this;
		const { code } = shape;
		const token = this.inFlight.remove(place);
		const said = code >= 0x80 ? shape.text(REASON_STRING, this.text) : undefined;
		this.handler.onAcknowledged(token, code < 0x80 ? undefined : refusedMessage(code, said));
		this.tellRoom();
	}

	/** Its owner notes that the server has it, and lets go of it, before PUBREL goes out: see kept-state.ts. */
	private released(place: number, id: number): void {
		const { epoch } = this;
		const token = this.inFlight.tokenAt(place);
		this.inFlight.release(place, this.clock.monotonicMs());
		try {
			this.handler.onAcknowledged(token, undefined);
		} finally {
			if (this.epoch === epoch && this.stateNow === "online") this.acknowledge(PUBREL_FIRST, id);
		}
	}
}
