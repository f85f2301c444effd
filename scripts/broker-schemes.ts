/** What the beginning of a broker's address says. */
export interface Scheme {
	/** The usual port: IANA's "mqtt" and "secure-mqtt", and RFC 6455 §3. */
	readonly port: number;
	readonly tls: boolean;
	/** MQTT travels in a WebSocket. */
	readonly webSocket: boolean;
}

/** Schemes of broker addresses, with the colon, as `URL` has it. */
export const SCHEMES: ReadonlyMap<string, Scheme> = new Map([
	["mqtts:", { port: 8_883, tls: true, webSocket: false }],
	["wss:", { port: 443, tls: true, webSocket: true }],
	["mqtt:", { port: 1_883, tls: false, webSocket: false }],
	["ws:", { port: 80, tls: false, webSocket: true }],
]);

/** The port that an address names or means. */
export function portOf({ port }: URL, scheme: Scheme): number {
	return port === "" ? scheme.port : Number(port);
}

/** What to ask for at a WebSocket's server: the path with its slash, and the query; undefined for MQTT on a bare stream. */
export function webSocketPathOf({ pathname, search }: URL, { webSocket }: Scheme): string | undefined {
	return webSocket ? `${pathname}${search}` : undefined;
}
