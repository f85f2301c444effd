import "../../../scripts/pki/reflect.js";
import { randomFillSync } from "node:crypto";
import * as x509 from "@peculiar/x509";
import { type Issued, root, type Wish } from "../../security/pki.js";
import { type Authorities, certify, meddled, type Peer, served } from "./peer.js";
import type { Meddle } from "./server.js";

/** A server that everybody should accept. */
function good(
	name: string,
	chain: (authorities: Authorities) => Promise<readonly Issued[]> | readonly Issued[],
	more: Partial<Peer> = {},
): Peer {
	return { name, outcome: "accepted", reason: "", behaviour: served(chain), ...more };
}

function leaf(wish: Wish) {
	return async ({ issuer }: Authorities) => [await certify({ by: issuer, ...wish }), issuer];
}

const HANDSHAKE = 22;
const HEADER_BYTES = 5;

/** Messages of the handshake in records of so many bytes, as long as they are in the clear. */
function inPiecesOf(size: number): () => Meddle {
	return () => {
		let clear = true;
		return (record) => {
			clear &&= record[0] === HANDSHAKE;
			if (!clear) return [record];
			const parts: Buffer[] = [];
			for (let at = HEADER_BYTES; at < record.length; at += size) {
				const part = record.subarray(at, at + size);
				parts.push(Buffer.from([HANDSHAKE, 3, 3, part.length >> 8, part.length & 0xff]), part);
			}
			return parts;
		};
	};
}

/** All of it, one byte a segment. */
function byteByByte(): Meddle {
	return (record) => Array.from(record, (byte) => Buffer.of(byte));
}

const LONG_BYTES = 100_000; // six full records of 16,384 bytes and a bit
const LONG = Buffer.alloc(LONG_BYTES, "long");

function large(): x509.Extension {
	return new x509.Extension("1.3.6.1.4.1.99999.2", false, randomFillSync(new Uint8Array(10_000)));
}

/** Servers that must be accepted. */
export const GOOD_PEERS: readonly Peer[] = [
	good("ECDSA P-256", ({ leaf: genuine, issuer }) => [genuine, issuer]),
	good("ECDSA P-256 by P-384, SHA-384", async ({ root: trusted }) => {
		const issuer = await certify({ name: "P-384", by: trusted, key: "p384", authority: {} });
		return [await certify({ by: issuer, hash: "SHA-384" }), issuer];
	}),
	good("ECDSA P-384", leaf({ key: "p384" })),
	good("RSA", leaf({ key: "rsa2048" })),
	good("RSA all the way", async ({ root: trusted }) => {
		const issuer = await certify({ name: "RSA", by: trusted, key: "rsa2048", authority: {} });
		return [await certify({ by: issuer, key: "rsa2048", hash: "SHA-384" }), issuer];
	}),
	good("signed with SHA-512", leaf({ hash: "SHA-512" })),
	good("with the root", ({ leaf: genuine, issuer, root: trusted }) => [genuine, issuer, trusted]),
	good("order wrong, but complete", async ({ issuer, root: trusted }) => {
		const middle = await certify({ name: "middle", by: issuer, authority: {} });
		return [await certify({ by: middle }), trusted, issuer, middle];
	}),
	good("cross-signed", async ({ root: trusted, stranger }) => {
		const young = await root({ name: "young root", nowMs: Date.now() });
		const crossed = await certify({ name: young.name, keys: young.keys, by: trusted, authority: {} });
		const issuer = await certify({ name: "its issuer", by: young, authority: {} });
		return [await certify({ by: issuer }), issuer, crossed, stranger];
	}),
	good("signed by the root itself, alone", async ({ root: trusted }) => [await certify({ by: trusted })]),
	good("wildcard", leaf({ names: ["*.broker.test"] }), { host: "a.broker.test" }),
	good("IP address", leaf({ names: ["127.0.0.1"] }), {
		host: "127.0.0.1",
		behaviour: served(leaf({ names: ["127.0.0.1"] }), {
			SNICallback: (name, done) => done(new Error(`${name} is no name (RFC 6066 §3)`)),
		}),
	}),
	good("a certificate of 10 KB", leaf({ extra: [large()] })),
	good("records of 16 KB", ({ leaf: genuine, issuer }) => [genuine, issuer], {
		sends: LONG_BYTES,
		behaviour: served(
			({ leaf: genuine, issuer }) => [genuine, issuer],
			{},
			(secure) => secure.once("data", () => secure.write(LONG)),
		),
	}),
	good("a byte a record", ({ leaf: genuine, issuer }) => [genuine, issuer], {
		behaviour: served(
			({ leaf: genuine, issuer }) => [genuine, issuer],
			{},
			(secure) =>
				secure.once("data", (bytes: Buffer) => {
					for (const byte of bytes) secure.write(Buffer.of(byte));
				}),
		),
	}),
	good("asks to negotiate anew", ({ leaf: genuine, issuer }) => [genuine, issuer], {
		behaviour: served(
			({ leaf: genuine, issuer }) => [genuine, issuer],
			{ maxVersion: "TLSv1.2" },
			(secure) =>
				secure.once("data", (bytes) => {
					secure.renegotiate({}, () => undefined);
					secure.write(bytes);
				}),
		),
	}),
	good("handshake in many records", () => [], { behaviour: meddled(inPiecesOf(50)) }),
	good("a byte a segment", () => [], { behaviour: meddled(() => byteByByte()) }),
	good("an intermediate is trusted, its root is not", ({ leaf: genuine, issuer }) => [genuine, issuer], {
		device: ({ issuer }) => ({ roots: [issuer.der] }),
	}),
	good("asks for a certificate, and takes none as well", ({ leaf: genuine, issuer }) => [genuine, issuer], {
		behaviour: served(({ leaf: genuine, issuer }) => [genuine, issuer], {
			requestCert: true,
			rejectUnauthorized: false,
		}),
	}),
];
