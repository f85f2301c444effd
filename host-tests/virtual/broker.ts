import type { Packet, PacketOut, Properties } from "../../firmware/mqtt/packet.js";
import { useText } from "../../firmware/mqtt/standins/text.js";
import { isTopicName, topicMatches } from "../../firmware/mqtt/topics.js";
import type { Text } from "../../firmware/ports/text.js";
import { BrokerClient } from "./broker-client.js";
import type { BrokerSession } from "./broker-session.js";

/** A client's connection, as the broker sees it: what the virtual network hands over, or anything else that carries bytes. */
export interface BrokerConnection {
	/** Sends `bytes`; they are copied. */
	send(bytes: Uint8Array): void;
	/** Ends the connection. */
	close(): void;
}

/** The broker's end of it. */
export interface BrokerPeer {
	/** `bytes[0..count)` arrived; lent until the call returns. */
	onData(bytes: Uint8Array, count: number): void;
	onClose(): void;
}

/** Where the broker's time comes from. */
export interface BrokerTime {
	readonly nowMs: number;
	after(delayMs: number, run: () => void): { cancel(): void };
}

export interface BrokerOptions {
	/** MQTT versions it speaks; both unless said otherwise. */
	versions?: readonly (4 | 5)[];
	/** The only user it lets in; anybody unless said otherwise. */
	user?: { readonly name: string; readonly password: string };
	/** The reason code of MQTT 5 (0x80 or more) with which a CONNECT is refused, or 0. */
	admit?: (packet: Packet) => number;
	/** What it tells MQTT 5 clients in CONNACK, and holds them to. */
	properties?: Properties;
	/** Packets remembered in `log`; the oldest go first. */
	logMax?: number;
}

/** One message that came by. */
export interface BrokerMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: number;
	readonly retain: boolean;
	readonly properties?: Properties | undefined;
	/** Who sent it; undefined for the test itself. */
	readonly from?: string | undefined;
}

export interface BrokerLogLine {
	readonly atMs: number;
	readonly client: string;
	readonly direction: "in" | "out";
	readonly packet: Packet | PacketOut;
}

/**
 * An MQTT broker for tests, 3.1.1 and 5.0, every QoS: retained messages, wills, keep-alive, take-over, sessions that outlive
 * their connection. It does what a test tells it to, good or bad, and writes down what clients do that they must not.
 */
export class VirtualBroker {
	readonly time: BrokerTime;
	readonly text: Text;
	readonly options: BrokerOptions;
	/** Clients that are online, by client id. */
	readonly clients = new Map<string, BrokerClient>();
	/** Sessions, also of clients that are not there. */
	readonly sessions = new Map<string, BrokerSession>();
	readonly retained = new Map<string, BrokerMessage>();
	readonly log: BrokerLogLine[] = [];
	/** Rules of the specification that a client broke. */
	readonly violations: string[] = [];
	/** Connections taken so far, refused ones included. */
	accepted = 0;
	/** True: everything is read and nothing answered, on connections old and new. */
	deaf = false;
	/** Refuses every CONNECT with this reason code of MQTT 5 (0x80 or more). */
	refuseCode: number | undefined = undefined;
	/** Answers PUBLISH with this reason code; MQTT 5 only. */
	pubackCode = 0;
	/** The code in SUBACK for filters that this returns one for; else they are granted. */
	subackCode: ((filter: string) => number | undefined) | undefined = undefined;
	/** True: PUBACKs, PUBRECs and PUBCOMPs are kept back until `releaseAcks`. */
	holdAcks = false;
	private readonly connections = new Set<BrokerClient>();
	private readonly observers: { filter: string; take: (message: BrokerMessage) => void }[] = [];

	constructor(time: BrokerTime, text: Text, options: BrokerOptions = {}) {
		this.time = time;
		this.text = text;
		this.options = options;
		useText(text);
	}

	/** Takes a new connection. A function of its own, to be handed to a network. */
	readonly accept = (connection: BrokerConnection): BrokerPeer => {
		this.accepted++;
		const client = new BrokerClient(this, connection);
		this.connections.add(client);
		return client;
	};

	/** Calls `take` for every message to `filter` from now on, retained ones first. */
	observe(filter: string, take: (message: BrokerMessage) => void): void {
		this.observers.push({ filter, take });
		for (const message of this.retained.values()) if (topicMatches(filter, message.topic)) take(message);
	}

	/** Publishes on behalf of the test. */
	publish(
		topic: string,
		payload: string | Uint8Array,
		{ qos = 0, retain = false, properties }: { qos?: 0 | 1 | 2; retain?: boolean; properties?: Properties } = {},
	): void {
		const bytes = typeof payload === "string" ? this.text.encode(payload) : payload;
		this.route({ topic, payload: bytes, qos, retain, properties });
	}

	/** The payload of a message, or of the retained message of a topic, as text. */
	textOf(message: BrokerMessage | string): string | undefined {
		const found = typeof message === "string" ? this.retained.get(message) : message;
		return found && this.text.decode(found.payload, 0, found.payload.length);
	}

	/** Ends a client's connection, or everybody's: with DISCONNECT where a code is given and the version knows it. */
	disconnect(clientId?: string, reasonCode?: number): void {
		for (const client of [...this.connections]) {
			if (clientId === undefined || client.clientId === clientId) client.end(reasonCode, true);
		}
	}

	/** Sends the acknowledgements that were kept back, and keeps none back from now on. */
	releaseAcks(): void {
		this.holdAcks = false;
		for (const client of this.connections) client.releaseAcks();
	}

	/** Hands a message to everybody who subscribed to it, and keeps it if it is to be retained. */
	route(message: BrokerMessage): void {
		if (!isTopicName(message.topic)) this.violate(message.from ?? "test", `publishes to "${message.topic}"`);
		if (message.retain) {
			if (message.payload.length === 0) this.retained.delete(message.topic);
			else this.retained.set(message.topic, message);
		}
		for (const { filter, take } of this.observers) if (topicMatches(filter, message.topic)) take(message);
		for (const session of [...this.sessions.values()]) session.offer(message);
	}

	violate(client: string, what: string): void {
		this.violations.push(`${client} ${what}`);
	}

	note(client: string, direction: "in" | "out", packet: Packet | PacketOut): void {
		this.log.push({ atMs: this.time.nowMs, client, direction, packet });
		if (this.log.length > (this.options.logMax ?? 1_000)) this.log.shift();
	}

	/**
	 * A client has introduced itself; whoever had its name has to go [MQTT-3.1.4-3].
	 * @returns whether it goes on with a session that was kept for it.
	 */
	enter(client: BrokerClient, clean: boolean, expiryS: number): boolean {
		this.clients.get(client.clientId)?.end(0x8e, true);
		const kept = clean ? undefined : this.sessions.get(client.clientId);
		if (kept !== undefined) client.session = kept;
		client.session.expiryS = expiryS;
		this.clients.set(client.clientId, client);
		this.sessions.set(client.clientId, client.session);
		return kept !== undefined;
	}

	/** A client is gone; its session goes too, at once or when its time is over. */
	leave(client: BrokerClient): void {
		this.connections.delete(client);
		if (this.clients.get(client.clientId) !== client) return;
		this.clients.delete(client.clientId);
		const { clientId, session } = client;
		const forget = (): void => {
			if (this.clients.has(clientId) || this.time.nowMs < session.endsMs) return;
			if (this.sessions.get(clientId) === session) this.sessions.delete(clientId);
		};
		session.endsMs = this.time.nowMs + session.expiryS * 1_000;
		if (session.expiryS === 0) forget();
		else if (session.expiryS < 0xffff_ffff) this.time.after(session.expiryS * 1_000, forget);
	}
}
