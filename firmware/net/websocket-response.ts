import { hasToken, lowerCase, sameText } from "./websocket-text.js";
import { statusWords } from "./websocket-words.js";

/** Longest line of which all is looked at; of a longer one the rest is skipped, unless it matters. */
const LINE_BYTES_MAX = 256;
/** Clouds add a kilobyte of headers of their own. None of it is kept. */
const RESPONSE_BYTES_MAX = 8_192;

const SWITCHING_PROTOCOLS = 101;
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

/** Headers seen, one bit each. */
const UPGRADE = 1;
const CONNECTION = 2;
const ACCEPT = 4;
const PROTOCOL = 8;

const NOT_HTTP = "WebSocket refused: the other side does not speak HTTP at this port";
const UNREADABLE = "WebSocket refused: the server's answer has a line that cannot be read";
const NOT_WEBSOCKET = "WebSocket refused: the server switches to something that is not WebSocket";
const NOT_OURS =
	"WebSocket refused: the answer was not made for this connection; something in between may have kept it";
const NOT_MQTT = "WebSocket refused: the server does not speak MQTT there";
const EXTENSION = "WebSocket refused: the server uses an extension that nobody asked for";
const TOO_LONG = "WebSocket refused: the server's answer is too long";

/**
 * Reads the server's half of the opening handshake (RFC 6455 §4.1, last list) as it arrives, a line at a time, and keeps
 * no more than one. The same bytes give the same result in every chunking.
 */
export class ResponseReader {
	/** All of it was read, and it is as it should be. */
	done = false;
	/** Why it is refused, in plain words. */
	refusal: string | undefined = undefined;
	private readonly accept: string;
	private readonly path: string;
	private readonly line: Uint8Array = new Uint8Array(LINE_BYTES_MAX);
	/** Length of the line so far; what is beyond `line` is not kept. */
	private length = 0;
	private total = 0;
	private status = 0;
	private seen = 0;

	/** @param accept what Sec-WebSocket-Accept must say. @param path what was asked for. */
	constructor(accept: string, path: string) {
		this.accept = accept;
		this.path = path;
	}

	/** Reads from `bytes[0..count)` until `done` or `refusal`; returns how much of it belonged to the response. */
	take(bytes: Uint8Array, count: number): number {
		let at = 0;
		while (at < count && !this.done && this.refusal === undefined) {
			const byte = bytes[at++] as number;
			if (++this.total > RESPONSE_BYTES_MAX) this.refusal = TOO_LONG;
			else if (byte === LF) this.endLine();
			else if (this.length++ < LINE_BYTES_MAX) this.line[this.length - 1] = byte;
		}
		return at;
	}

	/** What to say when the connection ends before the response does. */
	ended(reason: string): string {
		if (this.status >= 300 && this.status < 400) return statusWords(this.status, this.path);
		return `WebSocket refused: no complete answer, ${reason}`;
	}

	private endLine(): void {
		const kept = Math.min(this.length, LINE_BYTES_MAX);
		const end = kept > 0 && this.line[kept - 1] === CR ? kept - 1 : kept;
		if (this.status === 0) this.refusal = this.statusLine(end);
		else if (end > 0) this.refusal = this.header(end);
		else this.refusal = this.complete();
		this.done = end === 0 && this.refusal === undefined;
		this.length = 0;
	}

	/** RFC 9112 §4. A redirect is read on, for where it leads; of any other refusal there is nothing more to learn. */
	private statusLine(end: number): string | undefined {
		if (end < 12 || !sameText(this.line, 0, 7, "HTTP/1.") || this.line[8] !== SPACE) return NOT_HTTP;
		for (let at = 9; at < 12; at++) {
			const digit = (this.line[at] as number) - 0x30;
			if (digit < 0 || digit > 9) return NOT_HTTP;
			this.status = this.status * 10 + digit;
		}
		if (this.status < 100 || (end > 12 && this.line[12] !== SPACE)) return NOT_HTTP;
		if (this.status === SWITCHING_PROTOCOLS || (this.status >= 300 && this.status < 400)) return undefined;
		return statusWords(this.status, this.path);
	}

	/** RFC 9112 §5: a name, a colon, a value with blanks around it. */
	private header(end: number): string | undefined {
		const { line } = this;
		let colon = 0;
		while (colon < end && (line[colon] as number) > SPACE && line[colon] !== COLON) colon++;
		if (colon === 0 || line[colon] !== COLON || colon === end) return UNREADABLE;
		lowerCase(line, 0, colon);
		let from = colon + 1;
		let to = end;
		while (from < to && isBlank(line[from] as number)) from++;
		while (to > from && isBlank(line[to - 1] as number)) to--;
		if (this.status !== SWITCHING_PROTOCOLS) return this.redirect(colon, from, to);
		return this.known(colon, from, to);
	}

	private known(colon: number, from: number, to: number): string | undefined {
		const { line } = this;
		let known = true;
		let refusal: string | undefined;
		if (sameText(line, 0, colon, "upgrade"))
			refusal = this.upgrade(from, to); // item 2
		else if (sameText(line, 0, colon, "connection"))
			this.connection(from, to); // item 3
		else if (sameText(line, 0, colon, "sec-websocket-accept"))
			refusal = this.once(ACCEPT, from, to, this.accept, NOT_OURS); // item 4, §11.3.3
		else if (sameText(line, 0, colon, "sec-websocket-protocol"))
			refusal = this.once(PROTOCOL, from, to, "mqtt", NOT_MQTT); // item 6, §11.3.4, [MQTT-6.0.0-4]
		else if (sameText(line, 0, colon, "sec-websocket-extensions"))
			refusal = from < to ? EXTENSION : undefined; // item 5
		else known = false;
		return known && this.length > LINE_BYTES_MAX ? UNREADABLE : refusal;
	}

	private upgrade(from: number, to: number): string | undefined {
		lowerCase(this.line, from, to);
		if (!sameText(this.line, from, to, "websocket")) return NOT_WEBSOCKET;
		this.seen |= UPGRADE;
		return undefined;
	}

	private connection(from: number, to: number): void {
		lowerCase(this.line, from, to);
		if (hasToken(this.line, from, to, "upgrade")) this.seen |= CONNECTION;
	}

	private once(bit: number, from: number, to: number, wanted: string, refusal: string): string | undefined {
		if ((this.seen & bit) !== 0 || !sameText(this.line, from, to, wanted)) return refusal;
		this.seen |= bit;
		return undefined;
	}

	private redirect(colon: number, from: number, to: number): string | undefined {
		if (!sameText(this.line, 0, colon, "location")) return undefined;
		let place = "";
		for (let at = from; at < to; at++) {
			const byte = this.line[at] as number;
			place += byte > SPACE && byte < 0x7f ? String.fromCharCode(byte) : "?";
		}
		return `${statusWords(this.status, this.path)}: ${place}`;
	}

	private complete(): string | undefined {
		if (this.status !== SWITCHING_PROTOCOLS) return statusWords(this.status, this.path);
		if ((this.seen & (UPGRADE | CONNECTION)) !== (UPGRADE | CONNECTION)) return NOT_WEBSOCKET;
		if ((this.seen & ACCEPT) === 0) return NOT_OURS;
		return (this.seen & PROTOCOL) === 0 ? NOT_MQTT : undefined;
	}
}

function isBlank(byte: number): boolean {
	return byte === SPACE || byte === 0x09;
}
