/* The SDK's TLS and cryptography; see sdk.d.ts. */

declare module "ssl/session" {
	/** What a session reads from and writes to. */
	export interface Transport {
		/** Bytes that can be read; the session takes off what it has read. */
		readable: number;
		/** Room for writing; the session keeps it. */
		writable: number;
		/** Fills `into`, which is never longer than `readable`. */
		read(into: Uint8Array): void;
		/** One record. Returns the room left, or undefined when the connection is broken. */
		write(record: Uint8Array | ArrayBuffer): number | undefined;
	}

	/** One of the SDK's messages. */
	export interface Protocol {
		readonly name: string;
	}

	/** Where a session looks for one that it might go on with, and keeps its own. */
	export interface SessionKeeper {
		getByHost(host: string): { readonly id: ArrayBuffer; readonly secret: ArrayBuffer } | undefined;
		saveSession(host: string, id: ArrayBuffer, secret: ArrayBuffer): void;
		/** The server did not want to go on with it. */
		deleteSessionID(id: ArrayBuffer): void;
	}

	export interface SessionOptions {
		/** What the server is told that it is called (SNI). */
		tls_server_name?: string;
		protocolVersion: number;
		/** Numbers of the curves to offer; secp256r1 alone when left out. */
		tls_elliptic_curves?: readonly number[];
		/** The largest record to ask for: 512, 1,024, 2,048 or 4,096 bytes of content. */
		tls_max_fragment_length?: number;
		/** An application protocol to ask for. */
		applicationLayerProtocolNegotiation?: string;
		/** False: no session is kept but by a keeper of our own. */
		cache: false;
		/** Ours: they come to our `ssl/cert` with the other options. */
		gate: import("../security/handshake-gate.js").HandshakeGate;
		identity?: import("./device-key.js").DeviceKey | undefined;
	}

	export default class Session<T extends Transport> {
		readonly options: SessionOptions;
		/** To be set before the handshake, or not at all. */
		cacheManager: SessionKeeper | false;
		/** Of all messages of the handshake so far. */
		readonly handshakeDigests: { readonly SHA256: import("crypt").Digest };
		/** The kind of the handshake message to be acted upon, -1 for none. */
		readonly handshakeProcess: number;
		readonly alert: { level: number; description: number } | undefined;
		constructor(options: SessionOptions);
		initiateHandshake(): void;
		/** One step of the handshake; true when it is over, for better or (see `alert`) for worse. */
		handshake(transport: T): boolean;
		/** The next record's content; undefined when there is none yet, null after an alert. */
		read(transport: T): Uint8Array | undefined | null;
		/** One record. */
		write(transport: T, bytes: Uint8Array): void;
		/** Says close_notify. */
		close(transport: T): void;
		/** Makes one message and sends it. */
		doProtocol(transport: T, protocol: Protocol, first: unknown, second: unknown): void;
	}
}

declare module "ssl/handshake" {
	import type { Protocol } from "ssl/session";

	const handshake: { readonly certificateVerify: Protocol };
	export default handshake;
}

declare module "ssl/record" {
	import type Session from "ssl/session";
	import type { Transport } from "ssl/session";

	const record: {
		/** The kind of records of a handshake. */
		readonly handshake: number;
		packetize<T extends Transport>(session: Session<T>, kind: number, content: Uint8Array): Uint8Array;
	};
	export default record;
}

declare module "ssl/constants" {
	/* Kinds of key exchange, ciphers, modes and digests, as the SDK numbers them. */
	export const ECDHE_RSA: number;
	export const AES: number;
	export const GCM: number;
	export const SHA256: number;
}

declare module "crypt" {
	export class Digest {
		constructor(name: "SHA256" | "SHA384" | "SHA512");
		process(...parts: Uint8Array[]): ArrayBuffer;
		write(bytes: Uint8Array): void;
		/** The digest of what was written; with `goesOn` more may be. */
		close(goesOn?: boolean): ArrayBuffer;
	}

	/** The hash of GCM. */
	export class GHASH {
		constructor(key: ArrayBuffer, associated: ArrayBuffer);
		write(bytes: ArrayBuffer): void;
		close(): ArrayBuffer;
	}

	export class BlockCipher {
		/** A key of 16 or 32 bytes. */
		constructor(name: "AES", key: ArrayBuffer);
		/** One block. */
		encrypt(block: ArrayBuffer): ArrayBuffer;
	}

	export class Mode {
		constructor(name: "CTR", cipher: BlockCipher, counter: ArrayBuffer);
		encrypt(bytes: ArrayBuffer): ArrayBuffer;
	}
}

declare module "hmac" {
	import type { Digest } from "crypt";

	export default class HMAC {
		constructor(digest: Digest, key: Uint8Array);
		process(...parts: Uint8Array[]): ArrayBuffer;
	}
}

declare module "ecp" {
	export default class ECPoint {
		constructor(x: bigint, y: bigint);
	}
}

declare module "curve" {
	export default class Curve {
		/** `secp256r1` or `secp384r1`. */
		constructor(name: string);
	}
}

declare module "ecdsa" {
	import type Curve from "curve";
	import type ECPoint from "ecp";

	export default class ECDSA {
		/** The secret number of the next signature; made by the SDK's own generator when left out. */
		k: bigint | undefined;
		/** A point is for verifying, a number for signing. */
		constructor(key: ECPoint | bigint, curve: Curve);
		/** r and s, each as long as the curve's order. */
		sign(digest: ArrayBuffer): ArrayBuffer;
		/** `signature` is r and s, each as long as the curve's field; `digest` no longer than that. */
		verify(digest: ArrayBuffer, signature: ArrayBuffer): boolean;
	}
}

interface BigIntConstructor {
	fromArrayBuffer(bytes: ArrayBuffer): bigint;
}
