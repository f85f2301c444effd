/** How far the board has come in joining its network. */
export type NetworkState = "off" | "joining" | "addressing" | "up";

export interface NetworkHandler {
	/** The state changed; `network.state` and `network.reason` tell. */
	onNetwork(): void;
}

export interface LookHandler {
	/** Whether the network of this number is in reach. */
	onLooked(choice: number, inReach: boolean): void;
}

export interface ResolveHandler {
	/** The IPv4 address in dotted form, or undefined when the name could not be found. */
	onResolved(host: string, address: string | undefined): void;
}

/** Who this device is, for a server that wants to see a certificate. */
export interface TlsIdentity {
	/** The device's certificate, and then those above it that the server may not have. DER. */
	readonly certificates: readonly Uint8Array[];
	/** Its private key: PKCS #8, DER; RSA, or ECDSA on P-256. */
	readonly key: Uint8Array;
}

/** What must convince of a server, and what it is told. */
export interface TlsPolicy {
	/** Certificates of authorities that are trusted, DER: roots, or intermediates. */
	readonly roots: readonly Uint8Array[];
	/** SHA-256 digests of public keys, at least two: one of them must be in the server's chain. */
	readonly pins?: readonly Uint8Array[] | undefined;
	readonly identity?: TlsIdentity | undefined;
	/** The application protocol to ask for (ALPN), where a server has several at one port. */
	readonly protocol?: string | undefined;
}

export interface TlsOptions extends TlsPolicy {
	/** The name that the certificate must carry, also sent to the server (SNI). */
	readonly serverName: string;
	/**
	 * Bytes that the server's handshake may have in all, and then each of its records, where there is room for less than
	 * usual. Whatever is longer ends the connection.
	 */
	readonly bytesMax?: number;
}

export interface StreamOptions {
	/** Numeric IPv4 address: names are looked up before. */
	readonly address: string;
	readonly port: number;
	/** Present for TLS; certificate and name are always checked. */
	readonly tls?: TlsOptions;
}

export interface StreamHandler {
	/** The TCP connection stands, and the TLS handshake begins. Told for TLS only, and before `onOpen`. */
	onConnected?(): void;
	/** Connected, for TLS: the peer is verified. Nothing can be written before. */
	onOpen(): void;
	/** `bytes[0..count)` arrived; the buffer is lent until the call returns. */
	onData(bytes: Uint8Array, count: number): void;
	/** Room again after `write` returned false. */
	onWritable(): void;
	/** The connection is over, or never came about. Called once at most, never after `close()`. */
	onClose(reason: string): void;
}

export interface Stream {
	/**
	 * Sends `bytes[0..count)`, whole and in order, as one socket write where the platform has room; the bytes are copied.
	 * Returns false, with nothing taken, while an earlier write still waits for room: `onWritable` follows.
	 */
	write(bytes: Uint8Array, count: number): boolean;
	/** Ends the connection at once. No callback follows. */
	close(): void;
}

export interface UdpHandler {
	/** One datagram, `bytes[0..count)`, lent until the call returns. */
	onDatagram(bytes: Uint8Array, count: number, address: string, port: number): void;
}

export interface Udp {
	/** Sends one datagram. May throw when the network is gone. */
	write(bytes: Uint8Array, address: string, port: number): void;
	close(): void;
}

/** The board's way to the world. When to try again is the firmware's business. */
export interface Network {
	readonly state: NetworkState;
	/** Why the network is not up, in plain words, or undefined. */
	readonly reason: string | undefined;
	/** Signal strength in dBm where there is a radio that tells. */
	readonly signalDbm: number | undefined;
	/** When the first certificate expires that the last verified server depends on, milliseconds since 1970, where one was. */
	readonly trustEndsMs?: number | undefined;
	/** Names of the networks that may be joined, the preferred first; empty where there is nothing to choose. */
	readonly choices: readonly string[];
	/** Joins this network and no other, in place of the board's own; called before `start`. Left out where there is no choice. */
	joinOnly?(ssid: string, password: string | undefined): void;
	/** Begins to join the first network; the handler is told what comes of it. A join that fails ends in the state `off`. */
	start(handler: NetworkHandler): void;
	/** Joins the network of this number, leaving any other. */
	join(choice: number): void;
	/** Looks whether a network is in reach, without leaving the present one. */
	look(choice: number, handler: LookHandler): void;
	resolve(host: string, handler: ResolveHandler): void;
	connect(options: StreamOptions, handler: StreamHandler): Stream;
	udp(handler: UdpHandler): Udp;
}
