import type { Stream, StreamHandler } from "../ports/network.js";

/** The way to the broker, stage by stage. `waiting` is the pause after a failure. */
export type LinkState = "off" | "network" | "time" | "name" | "connecting" | "online" | "waiting";

/** Where the broker is. */
export interface BrokerAddress {
	readonly host: string;
	readonly port: number;
	/** Trusted roots, DER; absent for plain TCP. */
	readonly tls?: { readonly roots: readonly Uint8Array[] } | undefined;
	/** For MQTT over WebSocket: the path to ask for, with its slash and its query; absent for MQTT on the bare stream. */
	readonly webSocketPath?: string | undefined;
}

/** What the link needs of the MQTT session that it opens and closes. */
export interface LinkSession extends StreamHandler {
	open(stream: Stream, version: 4 | 5): void;
	close(): void;
}

export interface LinkHandler {
	/** `link.state` changed, or why it is what it is; `link.lastError` tells of the last failure. */
	onLink(): void;
}
