import type { Crypto } from "../ports/crypto.js";
import type { Certificate } from "./certificate.js";
import { CERTIFICATES_MAX, checkCount } from "./chain.js";
import { Refused } from "./refused.js";
import { readServerHello, type ServerHello } from "./tls-hello.js";
import { checkKeyExchange } from "./tls-key-exchange.js";
import type { TlsOffer } from "./tls-offer.js";
import { ByteReader } from "./tls-reader.js";
import { type CertificateRequest, readCertificateRequest } from "./tls-request.js";

// Kinds of handshake messages (RFC 5246 §7.4).
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const KEY_EXCHANGE = 12;
const CERTIFICATE_REQUEST = 13;
const HELLO_DONE = 14;

/** Judges the server's certificates, its own first; throws `Refused`. */
export type Judge = (chain: readonly Uint8Array[]) => Certificate;

/** What the server must send next; `change` is its ChangeCipherSpec, after which nothing is in the clear. */
export type Expected = "hello" | "certificate" | "key exchange" | "request or done" | "done" | "change" | "nothing";

/** The server's messages in the clear: their order, and what is in them. Throws `Refused`. */
export class Handshake {
	expected: Expected = "hello";
	/** The most that a record may hold, not encrypted. */
	fragmentBytes = 0;
	/** What this device offered; to be set before the first message. */
	offer: TlsOffer | undefined = undefined;
	/** The certificate that was accepted; undefined before, once all is encrypted, and in a session that is resumed. */
	leaf: Certificate | undefined = undefined;
	/** What it accepts, when it wants to know who this device is; undefined once all is encrypted. */
	request: CertificateRequest | undefined = undefined;
	private hello: ServerHello | undefined = undefined;
	private judge: Judge | undefined;
	private readonly crypto: Crypto;

	constructor(judge: Judge, crypto: Crypto) {
		this.judge = judge;
		this.crypto = crypto;
	}

	/** §7.3: the order of messages, before anything of them is kept. */
	expect(kind: number): void {
		const right =
			(kind === SERVER_HELLO && this.expected === "hello") ||
			(kind === CERTIFICATE && this.expected === "certificate") ||
			(kind === KEY_EXCHANGE && this.expected === "key exchange") ||
			(kind === CERTIFICATE_REQUEST && this.expected === "request or done") ||
			(kind === HELLO_DONE && (this.expected === "request or done" || this.expected === "done"));
		if (!right) throw new Refused(`it sent a message of its handshake (${kind}) that was not expected`);
	}

	/** Whether it is the server's turn to encrypt: the client is the first, but in a session that is resumed (§7.3). */
	mayChange(clientChanged: boolean): boolean {
		return this.expected === "change" && (clientChanged || this.hello?.resumed === true);
	}

	/** A message is complete; `body` is without its header. */
	check(kind: number, body: Uint8Array): void {
		const { offer } = this;
		if (offer === undefined) throw new Refused("it spoke first");
		if (kind === SERVER_HELLO) {
			this.hello = readServerHello(body, offer);
			this.fragmentBytes = this.hello.fragmentBytes;
			this.expected = this.hello.resumed ? "change" : "certificate";
		} else if (kind === CERTIFICATE) {
			this.leaf = this.judge?.(readChain(body));
			this.expected = "key exchange";
		} else if (kind === KEY_EXCHANGE) {
			this.checkExchange(body, offer);
			this.expected = "request or done";
		} else if (kind === CERTIFICATE_REQUEST) {
			this.request = readCertificateRequest(body);
			this.expected = "done";
		} else {
			if (body.length > 0) throw new Refused("a message of its handshake has bytes left over");
			this.expected = "change";
		}
	}

	/** It is over: nothing may come any more, and nothing of it is needed any more. A connection lasts for months. */
	finish(): void {
		this.expected = "nothing";
		this.offer = undefined;
		this.hello = undefined;
		this.leaf = undefined;
		this.request = undefined;
		this.judge = undefined;
	}

	private checkExchange(body: Uint8Array, { random, signatures, curves }: TlsOffer): void {
		const { hello, leaf } = this;
		if (hello === undefined || leaf === undefined) throw new Refused("it showed no certificate");
		const exchange = {
			clientRandom: random,
			serverRandom: hello.random,
			suite: hello.suite,
			key: leaf.key,
			signatures,
			curves,
		};
		checkKeyExchange(body, exchange, this.crypto);
	}
}

/** The certificates in a Certificate message (RFC 5246 §7.4.2). Thousands of empty ones are counted, and not kept. */
function readChain(body: Uint8Array): Uint8Array[] {
	const message = new ByteReader(body);
	const chain: Uint8Array[] = [];
	let count = 0;
	for (const list = message.vector(3); list.more; count++) {
		const certificate = list.vector(3);
		if (count < CERTIFICATES_MAX) chain.push(certificate.rest());
	}
	message.finish();
	checkCount(count);
	return chain;
}
