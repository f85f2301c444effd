import type { Packet, PacketOut } from "../../firmware/mqtt/packet.js";
import { topicMatches } from "../../firmware/mqtt/topics.js";
import type { BrokerMessage } from "./broker.js";

/** A QoS 1 or 2 message on its way to the client. */
interface OnItsWay {
	readonly packet: PacketOut;
	/** PUBREC came, PUBREL went. */
	released: boolean;
}

/** Where a session's packets go while its client is there. */
export interface SessionOutput {
	send(packet: PacketOut): void;
	/** QoS 1 and 2 messages that the client takes at once. */
	readonly receiveMax: number;
}

/** What the broker knows of one client, as long as the session lasts (MQTT 5 §4.1). */
export class BrokerSession {
	/** Filter to granted QoS. */
	readonly subscriptions = new Map<string, number>();
	/** Filters whose messages keep their retain flag (MQTT 5 §3.8.3.1). */
	readonly asPublished = new Set<string>();
	/** Messages that the client has not acknowledged, by identifier, in their order. */
	readonly unacknowledged = new Map<number, OnItsWay>();
	/** Identifiers of the client's QoS 2 messages that it has not released. */
	readonly received = new Set<number>();
	/** How long it outlives its connection. */
	expiryS = 0;
	/** When that will be over. */
	endsMs = Number.POSITIVE_INFINITY;
	private readonly waiting: PacketOut[] = [];
	private output: SessionOutput | undefined;

	/** The client is there: what was on its way goes out again, with the same identifiers (§4.4). */
	begin(output: SessionOutput): void {
		this.output = output;
		for (const [messageId, { packet, released }] of this.unacknowledged)
			output.send(released ? { cmd: "pubrel", messageId, reasonCode: 0 } : { ...packet, dup: true });
		this.pump();
	}

	/** The client is gone. */
	end(): void {
		this.output = undefined;
	}

	/** Takes a message, once, if any filter is for it (MQTT 5 §3.3.4). */
	offer(message: BrokerMessage): void {
		let granted = -1;
		let retain = false;
		for (const [filter, qos] of this.subscriptions) {
			if (!topicMatches(filter, message.topic)) continue;
			granted = Math.max(granted, qos);
			retain ||= message.retain && this.asPublished.has(filter);
		}
		if (granted >= 0) this.deliver(message, Math.min(granted, message.qos), retain);
	}

	/** Sends a message now or, if its QoS is worth it, when the client is there and has room. */
	deliver({ topic, payload, properties }: BrokerMessage, qos: number, retain: boolean): void {
		const packet = { cmd: "publish", topic, payload, qos, retain, dup: false, properties: { ...properties } };
		if (qos === 0) this.output?.send(packet);
		else this.waiting.push(packet);
		this.pump();
	}

	/** PUBACK, PUBREC or PUBCOMP for one of our messages. Says whether it was to be expected. */
	answered({ cmd, messageId = 0, reasonCode = 0 }: Packet): boolean {
		const message = this.unacknowledged.get(messageId);
		if (cmd === "pubrec") return this.onPubrec(messageId, reasonCode, message);
		const isRight = cmd === "puback" ? message?.packet.qos === 1 : message?.released === true;
		if (isRight) this.unacknowledged.delete(messageId);
		this.pump();
		return isRight;
	}

	private onPubrec(messageId: number, reasonCode: number, message: OnItsWay | undefined): boolean {
		if (message?.packet.qos !== 2) return false;
		if (reasonCode >= 0x80) this.unacknowledged.delete(messageId);
		else {
			message.released = true;
			this.output?.send({ cmd: "pubrel", messageId, reasonCode: 0 });
		}
		return true;
	}

	private pump(): void {
		while (this.output !== undefined && this.unacknowledged.size < this.output.receiveMax) {
			const next = this.waiting.shift();
			if (next === undefined) return;
			const packet = { ...next, messageId: this.freeId() };
			this.unacknowledged.set(packet.messageId, { packet, released: false });
			this.output.send(packet);
		}
	}

	/** The lowest that is free: the sooner one is used again, the sooner it shows who did not let go of it. */
	private freeId(): number {
		let id = 1;
		while (this.unacknowledged.has(id)) id++;
		return id;
	}
}
