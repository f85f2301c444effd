/** What the session needs to know about its device and its server. Read once per connection. */
export interface SessionOptions {
	/** Unique at the server. */
	readonly clientId: string;
	readonly username?: string | undefined;
	readonly password?: string | undefined;
	/** Seconds between packets that prove we live, 0 to 65535; 0 turns keep-alive off. */
	readonly keepAliveS: number;
	readonly will?: Will | undefined;
	/** Largest packet taken, in bytes with its fixed header. An MQTT 5 server is told (Maximum Packet Size). */
	readonly receiveBytesMax: number;
	/** Largest packet sent, in bytes with its fixed header. */
	readonly sendBytesMax: number;
	/** Most QoS 1 messages waiting for their acknowledgement at once; an MQTT 5 server may ask for fewer. */
	readonly inFlightMax: number;
}

/** What the server publishes for us when the connection is lost. */
export interface Will {
	readonly topic: string;
	readonly payload: string;
	readonly qos: 0 | 1;
	readonly retain: boolean;
}

/** Properties of one PUBLISH; sent with MQTT 5 only. */
export interface PublishExtras {
	readonly contentType?: string | undefined;
	readonly correlationData?: Uint8Array | undefined;
	readonly messageExpiryS?: number | undefined;
}

/** One message from the server. The object and its bytes are lent: valid until `onMessage` returns. */
export interface Message {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: 0 | 1 | 2;
	readonly retain: boolean;
	/** The server says that it has sent this message before. */
	readonly duplicate: boolean;
	readonly responseTopic: string | undefined;
	readonly correlationData: Uint8Array | undefined;
	/** What the payload is, in the sender's words. */
	readonly contentType?: string | undefined;
	/** Seconds that the message was still worth something when the server sent it. */
	readonly messageExpiryS?: number | undefined;
	/** The sender says that the payload is text, and it is UTF-8. */
	readonly isText?: boolean;
	/** What we called the subscription that brought it, the first if there were several. */
	readonly subscriptionId?: number | undefined;
	readonly userProperties?: UserProperties | undefined;
}

/** Pairs of a name and a value that a sender made up; names may repeat. Lent as long as their message. */
export interface UserProperties {
	/** How many are offered: at most 16, of at most 1,024 bytes together. */
	readonly count: number;
	/** The name of the pair at `index`, 0 to `count` - 1. */
	name(index: number): string;
	/** The value of the pair at `index`, 0 to `count` - 1. */
	value(index: number): string;
	/** The value of the first pair of this name, or undefined. */
	find(name: string): string | undefined;
}

/**
 * What ended a session: the network or the peer's silence, refused credentials, a server that may not speak this
 * protocol version, bytes that break the protocol, or a server that said so itself.
 */
export type SessionEndKind = "network" | "credentials" | "version" | "protocol" | "server";

export interface SessionEnd {
	/** One plain sentence for the owner of the device. */
	readonly reason: string;
	readonly kind: SessionEndKind;
}

export interface SessionHandler {
	/** The server accepted us. */
	onOnline(sessionPresent: boolean): void;
	/** The server answered `subscribe`; `refused` says in plain words which filter was refused and why. */
	onSubscribed(refused: string | undefined): void;
	/** One message; a QoS 1 message is acknowledged when this returns. */
	onMessage(message: Message): void;
	/**
	 * The server has taken the QoS 1 message of this token, or refused it, in plain words. Also told, for either QoS,
	 * when a message can never be sent (bad topic, larger than the server takes). Never called from inside `publish`.
	 */
	onAcknowledged(token: number, refused: string | undefined): void;
	/** `publish` or `subscribe` returned false; it may succeed now. */
	onRoom(): void;
	/** The session is over and the stream is closed. Not called after `close()`. */
	onEnded(end: SessionEnd): void;
}

/**
 * `closed`: no stream. `opening`: the stream is being connected. `connecting`: CONNECT is sent, CONNACK awaited.
 * `online`: messages flow.
 */
export type SessionState = "closed" | "opening" | "connecting" | "online";
