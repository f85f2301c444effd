import { webcrypto } from "node:crypto";
import { Flight } from "../../security/flight.js";
import { type Authorities, certify, flown, type Outcome, type Peer, served } from "./peer.js";
import { byHand } from "./server.js";

type Make = Parameters<typeof flown>[0];

/** A server that breaks the protocol in a handshake made by hand. */
function bad(name: string, reason: string, make: Make, end?: "end" | "reset"): Peer {
	return { name, outcome: "refused", reason: refused(reason), behaviour: flown(make, end) };
}

function refused(reason: string): string {
	return /^(the other side|TLS)/.test(reason) ? reason : `TLS refused: ${reason}`;
}

const UNSIGNED = "it signed its half of the key exchange in no way that was offered";
const FOREIGN = "its half of the key exchange is not signed with the key of its certificate";
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n; // of P-256, SEC 2 §2.4.2

/** An ECDSA signature (RFC 3279 §2.2.3) of these two numbers. */
function numbers(r: bigint, s: bigint): () => Uint8Array {
	const integer = (value: bigint): number[] => {
		const text = value.toString(16);
		const bytes = [...Buffer.from(text.length % 2 === 0 ? text : `0${text}`, "hex")];
		const padded = (bytes[0] as number) > 0x7f ? [0, ...bytes] : bytes;
		return [2, padded.length, ...padded];
	};
	const both = [...integer(r), ...integer(s)];
	return () => Uint8Array.from([0x30, both.length, ...both]);
}

/** The genuine certificates, and then a key exchange. */
function shown(flight: Flight, { leaf, issuer }: Authorities): Flight {
	return flight.hello().certificates(leaf.der, issuer.der);
}

function exchange(wish: Parameters<Flight["keyExchange"]>[1], sign?: () => Uint8Array): Make {
	return (flight, authorities, genuine) =>
		shown(flight, authorities)
			.keyExchange(sign ?? genuine, wish)
			.done();
}

const KEY_EXCHANGES: readonly Peer[] = [
	bad(
		"key exchange not signed",
		UNSIGNED,
		exchange({ algorithm: 0 }, () => new Uint8Array()),
	),
	bad("key exchange signed with SHA-1", UNSIGNED, exchange({ algorithm: 0x0203 })),
	bad("key exchange signed with RSA-PSS", UNSIGNED, exchange({ algorithm: 0x0804 })),
	bad("key exchange signed, and then changed", FOREIGN, exchange({ change: true })),
	bad("key exchange of another connection", FOREIGN, exchange({ random: 9 })),
	bad("signature with r = 0", FOREIGN, exchange({}, numbers(0n, 1n))),
	bad("signature with s = 0", FOREIGN, exchange({}, numbers(1n, 0n))),
	bad("signature with r = n", FOREIGN, exchange({}, numbers(ORDER, 1n))),
	bad("signature with s = n", FOREIGN, exchange({}, numbers(1n, ORDER))),
	bad("signature with r and s above n", FOREIGN, exchange({}, numbers(ORDER + 1n, 2n ** 256n - 1n))),
	bad(
		"signature that is none",
		"cannot be read",
		exchange({}, () => Uint8Array.of(1, 2, 3)),
	),
	bad("another curve", "it chose a curve that was not offered to it", exchange({ curve: 25 })),
	bad(
		"a point beside the curve",
		"its half of the key exchange is not on the curve",
		exchange({ point: new Uint8Array(65).fill(4) }),
	),
	bad("no key exchange", "it sent a message of its handshake (14) that was not expected", (flight, authorities) =>
		shown(flight, authorities).done(),
	),
	bad("no certificate", "it sent a message of its handshake (12) that was not expected", (flight, _, sign) =>
		flight.hello().keyExchange(sign).done(),
	),
	bad("an empty list of certificates", "it sent no certificate", (flight) => flight.hello().certificates()),
	rsaValue("RSA signature of 0", (modulus) => new Uint8Array(modulus.length)),
	rsaValue("RSA signature that is the modulus", (modulus) => modulus),
];

/** A server with an RSA key whose signature is a number that no honest one ever is. */
function rsaValue(name: string, value: (modulus: Uint8Array) => Uint8Array): Peer {
	return {
		...bad(name, FOREIGN, (flight) => flight),
		behaviour: async ({ issuer }) => {
			const leaf = await certify({ by: issuer, key: "rsa2048" });
			const { n } = await webcrypto.subtle.exportKey("jwk", leaf.keys.publicKey);
			const modulus = new Uint8Array(Buffer.from(n as string, "base64url"));
			return byHand((socket, hello) => {
				const flight = new Flight(hello).hello({ suite: 0xc02f }).certificates(leaf.der, issuer.der);
				socket.write(
					flight
						.keyExchange(() => value(modulus), { algorithm: 0x0401 })
						.done()
						.bytes(),
				);
			});
		},
	};
}

const NOT_OFFERED = "it chose a cipher that was not offered to it";

const HELLOS: readonly Peer[] = [
	bad("TLS 1.1", "it chose TLS 1.1, and this device speaks TLS 1.2", (flight) => flight.hello({ version: 0x0302 })),
	bad("TLS 1.0", "it chose TLS 1.0, and this device speaks TLS 1.2", (flight) => flight.hello({ version: 0x0301 })),
	bad("SSL 3.0", "it chose SSL 3.0, and this device speaks TLS 1.2", (flight) => flight.hello({ version: 0x0300 })),
	bad("no cipher at all", NOT_OFFERED, (flight) => flight.hello({ suite: 0x0002 })),
	bad("anonymous", NOT_OFFERED, (flight) => flight.hello({ suite: 0xc018 })),
	bad("without forward secrecy", NOT_OFFERED, (flight) => flight.hello({ suite: 0x009c })),
	bad("CBC with SHA-1", NOT_OFFERED, (flight) => flight.hello({ suite: 0xc013 })),
	bad("compression", "it wants to compress, which is not safe", (flight) => flight.hello({ compression: 1 })),
	bad("an extension that was not offered", "it uses the extension 15, which was not offered to it", (flight) =>
		flight.hello({ extensions: [0, 15, 0, 1, 1] }),
	),
	bad("two hellos", "it sent a message of its handshake (2) that was not expected", (flight) => flight.hello().hello()),
	bad("a hello that is cut short", "a message of its handshake is cut short", (flight) => flight.message(2, [3, 3, 1])),
	{
		name: "only weak ciphers on offer",
		outcome: "refused",
		reason: "TLS refused by the other side: no cipher or parameter in common",
		behaviour: served(({ leaf, issuer }) => [leaf, issuer], {
			maxVersion: "TLSv1.2",
			ciphers: "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0",
		}),
	},
	{
		name: "TLS 1.1 and no more on offer",
		outcome: "refused",
		reason: "TLS refused by the other side: no cipher or parameter in common",
		behaviour: served(({ leaf, issuer }) => [leaf, issuer], {
			minVersion: "TLSv1",
			maxVersion: "TLSv1.1",
			ciphers: "ALL:@SECLEVEL=0",
		}),
	},
];

const CLOSED = "the other side closed the connection during the TLS handshake";
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION = 23;
const NOT_TLS = "it does not speak TLS at this port";

const ORDERS: readonly Peer[] = [
	bad("data before anything was agreed", "it sent data before anything was agreed", (flight) =>
		flight.record(APPLICATION, [1, 2, 3]),
	),
	bad("encryption before its turn", "it began to encrypt before it was its turn", (flight) =>
		flight.hello().record(CHANGE_CIPHER_SPEC, [1]),
	),
	bad(
		"encryption before the device's turn",
		"it began to encrypt before it was its turn",
		(flight, authorities, sign) => whole(flight, authorities, sign).record(CHANGE_CIPHER_SPEC, [1]),
	),
	{
		name: "a Finished that is noise",
		outcome: "refused",
		reason: "TLS refused: what the other side sent was not signed with its key",
		behaviour: flown(whole, undefined, (socket) => {
			const noise = new Uint8Array(40).fill(7);
			socket.write(new Flight().record(CHANGE_CIPHER_SPEC, [1]).record(HANDSHAKE, noise).bytes());
		}),
	},
	{
		name: "a farewell in the handshake",
		outcome: "refused",
		reason: "TLS refused by the other side: it closed the connection during the handshake",
		onNode: CLOSED,
		behaviour: flown((flight, authorities) => shown(flight, authorities).record(ALERT, [1, 0]), "end"),
	},
	bad("an alert in the handshake", "TLS refused by the other side: access denied", (flight) =>
		flight.hello().record(ALERT, [2, 49]),
	),
	bad("an alert that is none", "it sent an alert that is none", (flight) => flight.record(ALERT, [2, 40, 0])),
	{
		name: "endless warnings",
		outcome: "refused",
		reason: "TLS refused by the other side: it gave up", // the SDK takes no warning for less than the end
		onNode: "TLS refused: its handshake is in too many pieces",
		behaviour: flown((flight) => repeat(300, flight, (one) => one.record(ALERT, [1, 90]))),
	},
	bad("endless empty records", "it sent an empty record", (flight) =>
		repeat(300, flight, (one) => one.record(HANDSHAKE, [])),
	),
	bad("a message of 16 MB", "its handshake is longer than there is room for", (flight) =>
		flight.hello().record(HANDSHAKE, [11, 255, 255, 255, 0]),
	),
	bad("a record of 18,433 bytes", "it sent a record that is too long", (flight) =>
		flight.raw([HANDSHAKE, 3, 3, 0x48, 0x01]),
	),
	bad("a chain of 40 KB", "its handshake is longer than there is room for", (flight, { leaf, issuer }) =>
		flight.hello().certificates(leaf.der, issuer.der, ...Array<Uint8Array>(8).fill(new Uint8Array(5_000))),
	),
	bad("noise", NOT_TLS, (flight) => flight.raw(Array.from({ length: 500 }, (_, i) => (i * i * 7 + 91) & 0xff))),
	bad("HTTP", NOT_TLS, (flight) => flight.raw(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"))),
	bad("plain MQTT", NOT_TLS, (flight) => flight.raw([0x20, 2, 0, 0, 0, 0, 0])),
];

function whole(flight: Flight, authorities: Authorities, sign: (message: Uint8Array) => Uint8Array): Flight {
	return shown(flight, authorities).keyExchange(sign).done();
}

function repeat(times: number, flight: Flight, step: (flight: Flight) => Flight): Flight {
	for (let i = 0; i < times; i++) step(flight);
	return flight;
}

const HALF: Make = (flight, authorities) => shown(flight, authorities);
const GIVEN_UP: Outcome = "given up";

const SILENCES: readonly Peer[] = [
	bad("half a handshake, and then the end", CLOSED, HALF, "end"),
	bad("half a handshake, and then a reset", CLOSED, HALF, "reset"),
	{ name: "half a handshake, and then silence", outcome: GIVEN_UP, reason: "", behaviour: flown(HALF) },
	{ name: "the end at once", outcome: "refused", reason: CLOSED, behaviour: () => byHand((socket) => socket.end()) },
	{
		name: "a reset at once",
		outcome: "refused",
		reason: CLOSED,
		onNode: "the other side cut the connection",
		behaviour: () => byHand((socket) => socket.resetAndDestroy()),
	},
	{ name: "silence", outcome: GIVEN_UP, reason: "", behaviour: () => byHand(() => undefined) },
	{ name: "a byte now and then", outcome: GIVEN_UP, reason: "", behaviour: drip },
];

const DRIP_MS = 25; // a second, as far as anybody who waits a thirtieth of a device's patience is concerned

/** A genuine handshake so slowly that nobody lives to see its end. */
function drip({ leaf, issuer }: Authorities) {
	return byHand((socket, hello) => {
		const bytes = new Flight(hello).hello().certificates(leaf.der, issuer.der).bytes();
		let at = 0;
		const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), DRIP_MS);
		socket.once("close", () => clearInterval(timer));
	});
}

/** Servers that break the protocol, or let it rest. */
export const HANDSHAKE_PEERS: readonly Peer[] = [...KEY_EXCHANGES, ...HELLOS, ...ORDERS, ...SILENCES];
