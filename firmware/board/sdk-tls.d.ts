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

	export default class Session<T extends Transport> {
		/** The kind of the handshake message to be acted upon, -1 for none. */
		readonly handshakeProcess: number;
		readonly alert: { level: number; description: number } | undefined;
		/** `gate` is ours: it comes to our `ssl/cert` with the other options. */
		constructor(options: {
			serverName: string;
			protocolVersion: number;
			/** Numbers of the curves to offer; secp256r1 alone when left out. */
			tls_elliptic_curves?: readonly number[];
			gate: import("../security/handshake-gate.js").HandshakeGate;
		});
		initiateHandshake(): void;
		/** One step of the handshake; true when it is over, for better or (see `alert`) for worse. */
		handshake(transport: T): boolean;
		/** The next record's content; undefined when there is none yet, null after an alert. */
		read(transport: T): Uint8Array | undefined | null;
		/** One record. */
		write(transport: T, bytes: Uint8Array): void;
		/** Says close_notify. */
		close(transport: T): void;
	}
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
		close(): ArrayBuffer;
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
		constructor(key: ECPoint, curve: Curve);
		/** `signature` is r and s, each as long as the curve's field; `digest` no longer than that. */
		verify(digest: ArrayBuffer, signature: ArrayBuffer): boolean;
	}
}

interface BigIntConstructor {
	fromArrayBuffer(bytes: ArrayBuffer): bigint;
}
