import type { SessionEndKind } from "../mqtt/types.js";
import type { Stream, StreamHandler, TlsPolicy, Udp } from "../ports/network.js";

/**
 * A stage of the way to the broker: joining the network, getting an address, the time, the broker's name, the TCP
 * connection, the TLS handshake, MQTT's greeting, and being there.
 */
export type Stage = "network" | "address" | "time" | "name" | "tcp" | "tls" | "mqtt" | "online";

/** Where the link is. `waiting` is the pause after a failure. */
export type LinkState = Stage | "off" | "waiting";

/** What kind of failure ended an attempt: nobody answered in time, something was refused or broke, or what MQTT said. */
export type FailureCause = "timeout" | "failed" | SessionEndKind;

/** Where the broker is. */
export interface BrokerAddress {
	readonly host: string;
	readonly port: number;
	/** Absent for plain TCP. */
	readonly tls?: TlsPolicy | undefined;
	/** For MQTT over WebSocket: the path to ask for, with its slash and its query; absent for MQTT on the bare stream. */
	readonly webSocketPath?: string | undefined;
}

/** Where the link leads, and whom it may ask. */
export interface LinkOptions {
	/** One or more, the preferred first. */
	readonly brokers: readonly BrokerAddress[];
	/** Names or addresses of SNTP servers, one or more, the preferred first. */
	readonly timeServers: readonly string[];
	/** When this firmware was built, milliseconds since 1970: no honest clock says less. */
	readonly builtMs?: number | undefined;
	/** The version of MQTT to begin with; 5 unless given. */
	readonly version?: 4 | 5 | undefined;
}

/** What the link needs of the MQTT session that it opens and closes. */
export interface LinkSession extends StreamHandler {
	open(stream: Stream, version: 4 | 5): void;
	close(): void;
}

/** Whoever the link works for. */
export interface LinkHandler {
	/** `link.state` changed, or why it is what it is; `link.lastError` tells of the last failure. */
	onLink(): void;
	/** The next connection is to this broker: the session needs what belongs to it. */
	onBroker(index: number): void;
	/** A connection that works is about to be ended for a better one: time to say goodbye. */
	onLeave(): void;
}

/** One time server being asked. */
export interface Inquiry {
	readonly server: string;
	/** Empty while its name is being looked up. */
	address: string;
	udp?: Udp;
	/** What was sent. */
	request?: Uint8Array;
	tries: number;
	sentMs: number;
	/** What is wrong with its answer so far. */
	refusal: string;
}
