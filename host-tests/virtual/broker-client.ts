import type { Packet, PacketOut } from "../../firmware/mqtt/packet.js";
import { isTopicFilter, topicMatches } from "../../firmware/mqtt/topics.js";
import type { BrokerConnection, BrokerMessage, BrokerPeer, VirtualBroker } from "./broker.js";
import { connectRefusal, publishFault, RETURN_CODES } from "./broker-rules.js";
import { BrokerWire } from "./broker-wire.js";

const PACKET_BYTES_MAX = 65_536;

/** One client's connection to the virtual broker. */
export class BrokerClient implements BrokerPeer {
	clientId = "";
	/** Filter to granted QoS. */
	readonly subscriptions = new Map<string, number>();
	/** Identifiers of messages that the client has not acknowledged. */
	readonly unacknowledged = new Set<number>();
	private readonly broker: VirtualBroker;
	private readonly wire: BrokerWire;
	private greeted = false;
	private ended = false;
	private will: BrokerMessage | undefined;
	private heardMs = 0;
	private lastId = 0;
	private readonly owed: number[] = [];

	constructor(broker: VirtualBroker, connection: BrokerConnection) {
		this.broker = broker;
		this.wire = new BrokerWire(connection, broker.options.properties?.maximumPacketSize ?? PACKET_BYTES_MAX);
	}

	get version(): 4 | 5 {
		return this.wire.version;
	}

	onData(bytes: Uint8Array, count: number): void {
		this.wire.push(bytes, count);
		this.heardMs = this.broker.time.nowMs;
		while (!this.ended && this.next());
	}

	onClose(): void {
		this.end(undefined, true);
	}

	/** Sends bytes as they are, however wrong. */
	sendRaw(bytes: Uint8Array): void {
		if (!this.ended) this.wire.sendRaw(bytes);
	}

	/** Ends the connection. */
	end(reasonCode: number | undefined, publishWill: boolean): void {
		if (this.ended) return;
		if (this.version === 5 && this.greeted && reasonCode !== undefined) this.send({ cmd: "disconnect", reasonCode });
		this.ended = true;
		this.broker.leave(this);
		this.wire.close();
		const { will } = this;
		this.will = undefined;
		if (publishWill && will !== undefined) this.broker.route(will);
	}

	/** Sends a message on, once, if any filter of this client is for it (MQTT 5 §3.3.4). */
	offer(message: BrokerMessage): void {
		let granted = -1;
		for (const [filter, qos] of this.subscriptions) {
			if (topicMatches(filter, message.topic)) granted = Math.max(granted, qos);
		}
		if (granted >= 0) this.deliver(message, Math.min(granted, message.qos), false);
	}

	releaseAcks(): void {
		for (const id of this.owed.splice(0)) this.acknowledge(id);
	}

	private next(): boolean {
		const packet = this.wire.take();
		if (packet === undefined) return false;
		if (typeof packet === "string") return this.violate(packet);
		this.broker.note(this.clientId || packet.clientId || "?", "in", packet);
		if (!this.broker.deaf) this.onPacket(packet);
		return true;
	}

	private onPacket(packet: Packet): void {
		if ((packet.cmd === "connect") === this.greeted) this.violate(`sends ${packet.cmd} at the wrong time`);
		else if (packet.cmd === "connect") this.onConnect(packet);
		else if (packet.cmd === "publish") this.onPublish(packet);
		else if (packet.cmd === "puback") this.onPuback(packet.messageId ?? 0);
		else if (packet.cmd === "subscribe") this.onSubscribe(packet);
		else if (packet.cmd === "unsubscribe") this.onUnsubscribe(packet);
		else if (packet.cmd === "pingreq") this.send({ cmd: "pingresp" });
		else if (packet.cmd === "disconnect") this.end(undefined, packet.reasonCode === 0x04);
		else this.violate(`sends ${packet.cmd}, which is not for it to send`);
	}

	private onConnect(packet: Packet): void {
		const version = packet.protocolVersion === 5 ? 5 : 4;
		const { versions, properties } = this.broker.options;
		const spoken = versions === undefined || versions.includes(version);
		this.wire.version = spoken ? version : 4;
		const code = spoken ? (this.broker.refuseCode ?? connectRefusal(packet, this.broker)) : 0x84;
		if (code !== 0) {
			this.refuse(code);
			return;
		}
		this.clientId = packet.clientId || `auto-${this.broker.accepted}`;
		this.greeted = true;
		const { will } = packet;
		if (will) this.will = { ...will, payload: will.payload.slice(), from: this.clientId };
		this.broker.enter(this);
		this.send({ cmd: "connack", reasonCode: 0, returnCode: 0, sessionPresent: false, properties: { ...properties } });
		const keepAliveS = (version === 5 ? properties?.serverKeepAlive : undefined) ?? packet.keepalive ?? 0;
		if (keepAliveS > 0) this.watch(keepAliveS * 1_500); // [MQTT-3.1.2-22]: one and a half times
	}

	private refuse(code: number): void {
		this.send({ cmd: "connack", reasonCode: code, returnCode: RETURN_CODES[code] ?? 3, sessionPresent: false });
		this.end(undefined, false);
	}

	private watch(limitMs: number): void {
		const { time } = this.broker;
		time.after(this.heardMs + limitMs - time.nowMs, () => {
			if (this.ended) return;
			if (time.nowMs >= this.heardMs + limitMs) this.end(0x8d, true);
			else this.watch(limitMs);
		});
	}

	private onPublish(packet: Packet): void {
		const { topic, payload, qos, retain, properties, messageId = 0 } = packet;
		const limits = (this.version === 5 && this.broker.options.properties) || {};
		const fault = publishFault(packet, this.owed, limits);
		if (fault !== undefined) this.violate(fault);
		else if (topic !== null && payload !== null) {
			this.broker.route({ topic, payload: payload.slice(), qos, retain, properties, from: this.clientId });
			if (qos > 0) this.owed.push(messageId);
			if (!this.broker.holdAcks) this.releaseAcks();
		}
	}

	private acknowledge(messageId: number): void {
		this.send({ cmd: "puback", messageId, reasonCode: this.broker.pubackCode });
	}

	private onPuback(id: number): void {
		if (!this.unacknowledged.delete(id)) this.violate(`acknowledges ${id}, which was not sent`);
	}

	private onSubscribe(packet: Packet): void {
		const filters = packet.subscriptions ?? [];
		if (!packet.messageId || filters.some(({ topic }) => !isTopicFilter(topic))) {
			this.violate("subscribes wrongly");
			return;
		}
		const granted = filters.map(({ topic, qos }) => this.broker.subackCode?.(topic) ?? Math.min(qos, 1));
		this.send({ cmd: "suback", messageId: packet.messageId, granted });
		filters.forEach(({ topic }, index) => {
			const qos = granted[index] ?? 0x80;
			if (qos > 2) return;
			this.subscriptions.set(topic, qos);
			for (const message of this.broker.retained.values()) {
				if (topicMatches(topic, message.topic)) this.deliver(message, Math.min(qos, message.qos), true);
			}
		});
	}

	private onUnsubscribe(packet: Packet): void {
		const filters = packet.unsubscriptions ?? [];
		const granted = filters.map((filter) => (this.subscriptions.delete(filter) ? 0 : 0x11));
		this.send({ cmd: "unsuback", messageId: packet.messageId ?? 0, granted });
	}

	private deliver({ topic, payload, properties }: BrokerMessage, qos: number, retain: boolean): void {
		if (this.broker.deaf) return;
		const messageId = qos > 0 ? this.freeId() : 0;
		if (qos > 0) this.unacknowledged.add(messageId);
		this.send({ cmd: "publish", topic, payload, qos, retain, dup: false, messageId, properties: { ...properties } });
	}

	private freeId(): number {
		do this.lastId = (this.lastId % 65_535) + 1;
		while (this.unacknowledged.has(this.lastId));
		return this.lastId;
	}

	private send(packet: PacketOut): void {
		if (this.ended) return;
		this.broker.note(this.clientId, "out", packet);
		this.wire.send(packet);
	}

	private violate(what: string): false {
		this.broker.violate(this.clientId || "somebody", what);
		this.end(0x82, true);
		return false;
	}
}
