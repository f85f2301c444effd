import type { Crypto } from "../ports/crypto.js";
import type { Certificate } from "./certificate.js";
import { Handshake, type Judge } from "./handshake.js";
import { Refused } from "./refused.js";
import { readOffer } from "./tls-offer.js";
import type { CertificateRequest } from "./tls-request.js";

// Kinds of records (RFC 5246 §6.2.1).
const CHANGE_CIPHER_SPEC = 20;
const ALERT = 21;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;

const HEADER_BYTES = 5;
const MESSAGE_HEADER_BYTES = 4;
const PLAIN_BYTES_MAX = 16_384; // §6.2.1
const CIPHER_BYTES_MIN = 24; // nonce and tag of GCM (RFC 5288 §3)
const EXPANSION_BYTES_MAX = 256; // of what is encrypted: nobody needs the 2,048 of §6.2.3
/** Of all messages in the clear: a chain of five large certificates. The platform's TLS keeps each more than once. */
const HANDSHAKE_BYTES_MAX = 12_000;
const RECORDS_MAX = 256;

/**
 * Stands between the socket and a TLS 1.2 client that it does not trust to look closely, for as long as the handshake is
 * in the clear: every message must be expected, complete, within bounds and keep to what was offered; the certificate
 * must convince the judge, and its key must have signed the key exchange. What is right comes out again in `output`, one
 * whole message per record, however it was cut. After the server's ChangeCipherSpec only the lengths of records are
 * looked at. Every call throws `Refused` from the first fault on.
 */
export class HandshakeGate {
	/** Records to be handed on, oldest first; whoever takes them removes them. */
	readonly output: Uint8Array[] = [];
	/** The rest is encrypted: from here on `inspect` what is handed on. */
	passing = false;
	private readonly handshake: Handshake;
	private readonly header = new Uint8Array(HEADER_BYTES);
	private headerCount = 0;
	/** Bytes of the present record that are still to come. */
	private left = 0;
	/** The client has begun to encrypt. */
	private changed = false;
	private records = 0;
	private room: number; // for all messages that are still to come, bytes
	private readonly recordMax: number; // of those that are encrypted, bytes
	/** The message under way, with room for a record's header before it; its length is known with its own header. */
	private message: Uint8Array | undefined = undefined;
	private messageCount = 0;
	private readonly start = new Uint8Array(MESSAGE_HEADER_BYTES);
	private refusal: Refused | undefined = undefined;

	/** @param bytesMax see `TlsOptions`. */
	constructor(judge: Judge, crypto: Crypto, bytesMax?: number) {
		this.handshake = new Handshake(judge, crypto);
		this.room = bytesMax ?? HANDSHAKE_BYTES_MAX;
		this.recordMax = bytesMax ?? PLAIN_BYTES_MAX;
	}

	/** The certificate that was accepted; undefined before, once all is encrypted, and in a session that is resumed. */
	get leaf(): Certificate | undefined {
		return this.handshake.leaf;
	}

	/** What the server accepts, when it wants to know who this device is; undefined once all is encrypted. */
	get request(): CertificateRequest | undefined {
		return this.handshake.request;
	}

	/** Is shown every record that the client sends; the first one is its offer. */
	sent(record: Uint8Array): void {
		if (this.passing) return;
		this.handshake.offer ??= readOffer(record);
		if (record[0] === CHANGE_CIPHER_SPEC) this.changed = true;
	}

	/** Takes `bytes[0..count)` from the server; returns how many were used: all, unless `passing` begins among them. */
	feed(bytes: Uint8Array, count: number): number {
		if (this.refusal !== undefined) throw this.refusal;
		try {
			let at = 0;
			while (at < count && !this.passing)
				at = this.left === 0 ? this.readHeader(bytes, at) : this.readBody(bytes, at, count);
			return at;
		} catch (error) {
			throw this.remembered(error);
		}
	}

	/** Looks at encrypted bytes on their way: kinds and lengths of records (§6.2.3). */
	inspect(bytes: Uint8Array, count: number): void {
		if (this.refusal !== undefined) throw this.refusal;
		try {
			let at = 0;
			while (at < count) {
				if (this.left === 0) at = this.readHeader(bytes, at);
				else {
					const step = Math.min(this.left, count - at);
					this.left -= step;
					at += step;
				}
			}
		} catch (error) {
			throw this.remembered(error);
		}
	}

	/** Every later call ends with the same refusal. */
	private remembered(error: unknown): unknown {
		if (error instanceof Refused) this.refusal = error;
		return error;
	}

	private readHeader(bytes: Uint8Array, at: number): number {
		this.header[this.headerCount++] = bytes[at] as number;
		if (this.headerCount < HEADER_BYTES) return at + 1;
		this.headerCount = 0;
		const { header } = this;
		const kind = header[0] as number;
		this.left = (header[3] as number) * 256 + (header[4] as number);
		if (kind < CHANGE_CIPHER_SPEC || kind > APPLICATION_DATA || header[1] !== 3)
			throw new Refused("it does not speak TLS at this port");
		const most = Math.min(this.recordMax, this.handshake.fragmentBytes) + EXPANSION_BYTES_MAX;
		if (this.left > (this.passing ? most : PLAIN_BYTES_MAX)) throw new Refused("it sent a record that is too long");
		if (this.left < (this.passing ? CIPHER_BYTES_MIN : 1)) throw new Refused("it sent an empty record");
		if (!this.passing) this.checkKind(kind);
		else if (header[2] !== 3) throw new Refused("it changed the version of TLS");
		return at + 1;
	}

	/** Which records may come in the clear, and when. */
	private checkKind(kind: number): void {
		if (++this.records > RECORDS_MAX) throw new Refused("its handshake is in too many pieces");
		const between = this.messageCount > 0; // §6.2.1: pieces of one message are not interleaved with others
		if (kind === APPLICATION_DATA) throw new Refused("it sent data before anything was agreed");
		if (between && kind !== HANDSHAKE) throw new Refused("it interrupted a message of its handshake");
		if (kind === ALERT && this.left !== 2) throw new Refused("it sent an alert that is none");
		if (kind === CHANGE_CIPHER_SPEC && (this.left !== 1 || !this.handshake.mayChange(this.changed)))
			throw new Refused("it began to encrypt before it was its turn");
	}

	private readBody(bytes: Uint8Array, at: number, count: number): number {
		const end = Math.min(at + this.left, count);
		if (this.header[0] === HANDSHAKE) {
			const next = this.readMessage(bytes, at, end);
			this.left -= next - at;
			return next;
		}
		this.keepSmall(bytes, at, end);
		return end;
	}

	/** An alert or a ChangeCipherSpec: at most two bytes, handed on whole. */
	private keepSmall(bytes: Uint8Array, at: number, end: number): void {
		const size = (this.header[3] as number) * 256 + (this.header[4] as number);
		this.message ??= new Uint8Array(HEADER_BYTES + size);
		this.message.set(bytes.subarray(at, end), HEADER_BYTES + size - this.left);
		this.left -= end - at;
		if (this.left > 0) return;
		this.message.set(this.header);
		this.output.push(this.message);
		const changes = this.header[0] === CHANGE_CIPHER_SPEC;
		if (changes && this.message[HEADER_BYTES] !== 1) throw new Refused("it began to encrypt in a way that is none");
		this.message = undefined;
		if (!changes) return;
		this.handshake.finish();
		this.passing = true;
	}

	private readMessage(bytes: Uint8Array, at: number, end: number): number {
		if (this.message === undefined) {
			this.start[this.messageCount++] = bytes[at] as number;
			if (this.messageCount === MESSAGE_HEADER_BYTES) this.beginMessage();
			return at + 1;
		}
		const next = Math.min(end, at + this.message.length - HEADER_BYTES - this.messageCount);
		this.message.set(bytes.subarray(at, next), HEADER_BYTES + this.messageCount);
		this.messageCount += next - at;
		if (this.messageCount === this.message.length - HEADER_BYTES) this.endMessage(this.message);
		return next;
	}

	private beginMessage(): void {
		const [kind = 0, high = 0, middle = 0, low = 0] = this.start;
		const size = MESSAGE_HEADER_BYTES + high * 65_536 + middle * 256 + low;
		this.handshake.expect(kind);
		this.room -= size;
		if (this.room < 0) throw new Refused("its handshake is longer than there is room for");
		const message = new Uint8Array(HEADER_BYTES + size);
		message.set([HANDSHAKE, 3, 3, size >> 8, size & 0xff, ...this.start]);
		this.message = message;
		if (size === MESSAGE_HEADER_BYTES) this.endMessage(message);
	}

	private endMessage(record: Uint8Array): void {
		const kind = this.start[0] as number;
		this.handshake.check(kind, record.subarray(HEADER_BYTES + MESSAGE_HEADER_BYTES));
		this.message = undefined;
		this.messageCount = 0;
		this.output.push(record);
	}
}
