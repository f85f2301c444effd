/** What the session needs to know about its device and its server. Read once per connection. */
export interface SessionOptions {
	/** Unique at the server. Empty: the server chooses one, and it is used from then on. */
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
	/** Most QoS 1 and 2 messages on their way at once; an MQTT 5 server may ask for fewer. */
	readonly inFlightMax: number;
	/**
	 * Seconds that the server is to keep the session when the connection is gone, up to 0xffffffff for ever; an MQTT 3.1.1
	 * server keeps it as long as it pleases. 0 or nothing: every connection begins afresh, and what was on its way when one
	 * ended is for its owner to publish again.
	 */
	readonly sessionExpiryS?: number | undefined;
	/** Topic aliases that an MQTT 5 server may use (Topic Alias Maximum); none unless given. */
	readonly topicAliasMax?: number | undefined;
}

/** What the server publishes for us when the connection is lost. All but the first four are sent with MQTT 5 only. */
export interface Will {
	readonly topic: string;
	readonly payload: string | Uint8Array;
	readonly qos: 0 | 1 | 2;
	readonly retain: boolean;
	/** Seconds that the server waits, for us to come back, before it publishes the will. */
	readonly delayS?: number | undefined;
	readonly contentType?: string | undefined;
	readonly messageExpiryS?: number | undefined;
	readonly responseTopic?: string | undefined;
	readonly correlationData?: Uint8Array | undefined;
}

/** A User Property of MQTT 5: its name and value are text like any other, never the name of a property in a program. */
export interface UserProperty {
	readonly name: string;
	readonly value: string;
}

/** Properties of one PUBLISH; sent with MQTT 5 only. */
export interface PublishExtras {
	readonly contentType?: string | undefined;
	readonly correlationData?: Uint8Array | undefined;
	readonly messageExpiryS?: number | undefined;
	readonly responseTopic?: string | undefined;
	readonly userProperties?: readonly UserProperty[] | undefined;
}

/** A message that its owner hands over once more; lent until the call returns. */
export interface Outgoing {
	readonly topic: string;
	readonly payload: string | Uint8Array;
	readonly retain: boolean;
	readonly extras?: PublishExtras | undefined;
}

/** How the server is to treat a subscription; sent with MQTT 5 only (§3.8.3.1). */
export interface SubscribeOptions {
	/** Do not send us what we published ourselves; not for shared subscriptions [MQTT-3.8.3-4]. */
	readonly noLocal?: boolean | undefined;
	/** Keep the retain flag as it was published, rather than set it only on what was kept for us. */
	readonly retainAsPublished?: boolean | undefined;
	/** Retained messages: 0 send them, 1 send them if the subscription is new, 2 do not. */
	readonly retainHandling?: 0 | 1 | 2 | undefined;
	/** Comes back with every message of these subscriptions, 1 to 268,435,455. */
	readonly subscriptionId?: number | undefined;
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
 * protocol version, bytes that break the protocol, a server that said so itself, one that sends us to another, or another
 * client that took the session over.
 */
export type SessionEndKind = "network" | "credentials" | "version" | "protocol" | "server" | "moved" | "taken";

export interface SessionEnd {
	/** One plain sentence for the owner of the device. */
	readonly reason: string;
	readonly kind: SessionEndKind;
}

/** What can never be sent, and why. */
export interface Refusal {
	/** Of a message its token; of a request the type of its answer. */
	readonly token: number | undefined;
	readonly answerType: number;
	readonly why: string;
}

export interface SessionHandler {
	/**
	 * The server accepted us. With a session present it still knows the subscriptions, and what was on its way is sent
	 * again from here. With none, whatever was not acknowledged is for its owner to publish again.
	 */
	onOnline(sessionPresent: boolean): void;
	/** The server answered `subscribe`; `refused` says in plain words which filter was refused and why. */
	onSubscribed(refused: string | undefined): void;
	/** The server answered `unsubscribe`, as above. */
	onUnsubscribed?(refused: string | undefined): void;
	/** One message; one of QoS 1 or 2 is acknowledged when this returns. One of QoS 2 comes exactly once. */
	onMessage(message: Message): void;
	/**
	 * The server has taken the QoS 1 or 2 message of this token, or refused it, in plain words. Also told, for any QoS,
	 * when a message can never be sent (bad topic, larger than the server takes). Never called from inside `publish`.
	 * Where QoS 2 is to hold over a power cut, the owner notes in flash that it lets go of the message before it returns.
	 */
	onAcknowledged(token: number, refused: string | undefined): void;
	/**
	 * The connection is back and the server may not have the message of this token yet: hands it over again, as it was, or
	 * undefined when it is gone. Needed where `sessionExpiryS` is set.
	 */
	onResend?(token: number): Outgoing | undefined;
	/** `publish`, `subscribe` or `unsubscribe` returned false; it may succeed now. */
	onRoom(): void;
	/** The session is over and the stream is closed. Not called after `close()`. */
	onEnded(end: SessionEnd): void;
}

/**
 * `closed`: no stream. `opening`: the stream is being connected. `connecting`: CONNECT is sent, CONNACK awaited.
 * `online`: messages flow.
 */
export type SessionState = "closed" | "opening" | "connecting" | "online";
