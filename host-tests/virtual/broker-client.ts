import type { Packet, PacketOut, SubscriptionOut } from "../../firmware/mqtt/packet.js";
import { isTopicFilter, topicMatches } from "../../firmware/mqtt/topics.js";
import type { BrokerConnection, BrokerMessage, BrokerPeer, VirtualBroker } from "./broker.js";
import { AliasTable, connectRefusal, publishFault, RETURN_CODES, sessionExpiryS } from "./broker-rules.js";
import { BrokerSession, type SessionOutput } from "./broker-session.js";
import { BrokerWire } from "./broker-wire.js";

const PACKET_BYTES_MAX = 65_536;
const ANSWERS = ["puback", "pubrec", "pubcomp"];

/** One client's connection to the virtual broker. */
export class BrokerClient implements BrokerPeer, SessionOutput {
	clientId = "";
	/** What outlives the connection, where the client wants that. */
	session = new BrokerSession();
	receiveMax = 65_535;
	private readonly broker: VirtualBroker;
	private readonly wire: BrokerWire;
	private greeted = false;
	private ended = false;
	private will: BrokerMessage | undefined;
	private heardMs = 0;
	/** Acknowledgements that are kept back. */
	private readonly owed: PacketOut[] = [];
	/** Identifiers of its messages that are not acknowledged to the end. */
	private readonly open = new Set<number>();
	private readonly aliases = new AliasTable();

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
		this.session.end();
		this.broker.leave(this);
		this.wire.close();
		const { will } = this;
		this.will = undefined;
		if (publishWill && will !== undefined) this.broker.route(will);
	}

	/** Sends the acknowledgements that were kept back. */
	releaseAcks(): void {
		for (const packet of this.owed.splice(0)) this.acknowledge(packet);
	}

	send(packet: PacketOut): void {
		if (this.ended || (this.broker.deaf && packet.cmd === "publish")) return;
		this.broker.note(this.clientId, "out", packet);
		this.wire.send(packet);
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
		else if (packet.cmd === "pubrel") this.onPubrel(packet.messageId ?? 0);
		else if (packet.cmd === "subscribe") this.onSubscribe(packet);
		else if (packet.cmd === "unsubscribe") this.onUnsubscribe(packet);
		else if (packet.cmd === "pingreq") this.send({ cmd: "pingresp" });
		else if (packet.cmd === "disconnect") this.end(undefined, packet.reasonCode === 0x04);
		else if (!ANSWERS.includes(packet.cmd) || !this.session.answered(packet))
			this.violate(`sends ${packet.cmd}, which is not for it to send`);
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
		this.receiveMax = packet.properties?.receiveMaximum ?? 65_535;
		const sessionPresent = this.broker.enter(this, packet.clean === true, sessionExpiryS(packet));
		this.send({ cmd: "connack", reasonCode: 0, returnCode: 0, sessionPresent, properties: { ...properties } });
		this.session.begin(this);
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
		const { payload, qos, retain, properties, messageId = 0 } = packet;
		const limits = (this.version === 5 && this.broker.options.properties) || {};
		const topic = this.aliases.topicOf(packet, limits.topicAliasMaximum ?? 0);
		const fault = publishFault(packet, this.open, this.session.received, limits);
		if (fault !== undefined || topic === undefined) this.violate(fault ?? "uses a topic alias that it may not");
		else if (payload !== null) {
			const { topicAlias: _, ...kept } = properties ?? {};
			const message = { topic, payload: payload.slice(), qos, retain, properties: kept, from: this.clientId };
			const reasonCode = qos > 0 && this.version === 5 ? this.broker.pubackCode : 0;
			const isNew = qos < 2 || !this.session.received.has(messageId); // [MQTT-4.3.3-10]
			if (isNew && reasonCode < 0x80) this.broker.route(message); // what is refused goes nowhere
			if (qos > 0) this.open.add(messageId);
			if (qos === 2 && reasonCode < 0x80) this.session.received.add(messageId);
			if (qos > 0) this.owe({ cmd: qos === 1 ? "puback" : "pubrec", messageId, reasonCode });
		}
	}

	private onPubrel(messageId: number): void {
		const known = this.session.received.delete(messageId);
		this.owe({ cmd: "pubcomp", messageId, reasonCode: known ? 0 : 0x92 });
	}

	private owe(packet: PacketOut): void {
		if (this.broker.holdAcks) this.owed.push(packet);
		else this.acknowledge(packet);
	}

	private acknowledge(packet: PacketOut): void {
		const { cmd, messageId = 0, reasonCode = 0 } = packet;
		if (cmd !== "pubrec" || reasonCode >= 0x80) this.open.delete(messageId);
		this.send(packet);
	}

	private onSubscribe(packet: Packet): void {
		const filters = packet.subscriptions ?? [];
		if (!packet.messageId || filters.some(({ topic }) => !isTopicFilter(topic))) {
			this.violate("subscribes wrongly");
			return;
		}
		const granted = filters.map(({ topic, qos }) => this.broker.subackCode?.(topic) ?? qos);
		this.send({ cmd: "suback", messageId: packet.messageId, granted });
		filters.forEach(({ topic, rap }: SubscriptionOut, index) => {
			const qos = granted[index] ?? 0x80;
			if (qos > 2) return;
			this.session.subscriptions.set(topic, qos);
			if (rap === true) this.session.asPublished.add(topic);
			else this.session.asPublished.delete(topic);
			for (const message of this.broker.retained.values()) {
				if (topicMatches(topic, message.topic)) this.session.deliver(message, Math.min(qos, message.qos), true);
			}
		});
	}

	private onUnsubscribe(packet: Packet): void {
		const filters = packet.unsubscriptions ?? [];
		const granted = filters.map((filter) => (this.session.subscriptions.delete(filter) ? 0 : 0x11));
		this.send({ cmd: "unsuback", messageId: packet.messageId ?? 0, granted });
	}

	private violate(what: string): false {
		this.broker.violate(this.clientId || "somebody", what);
		this.end(0x82, true);
		return false;
	}
}
