import { HeadReader, type HeadRules } from "./http-head.js";
import { hasToken, lowerCase, sameText } from "./http-text.js";
import { statusWords } from "./websocket-words.js";

/** Clouds add a kilobyte of headers of their own. None of it is kept. */
const RULES: HeadRules = Object.freeze({ lineMax: 256, headMax: 8_192, strict: false });

const SWITCHING_PROTOCOLS = 101;
const SPACE = 0x20;

/** Headers seen, one bit each. */
const UPGRADE = 1;
const CONNECTION = 2;
const ACCEPT = 4;
const PROTOCOL = 8;

const NOT_WEBSOCKET = "WebSocket refused: the server switches to something that is not WebSocket";
const NOT_OURS =
	"WebSocket refused: the answer was not made for this connection; something in between may have kept it";
const NOT_MQTT = "WebSocket refused: the server does not speak MQTT there";
const EXTENSION = "WebSocket refused: the server uses an extension that nobody asked for";

/** Reads the server's half of the opening handshake (RFC 6455 §4.1, last list) as it arrives. */
export class ResponseReader extends HeadReader {
	private readonly accept: string;
	private readonly path: string;
	private seen = 0;

	/** @param accept what Sec-WebSocket-Accept must say. @param path what was asked for. */
	constructor(accept: string, path: string) {
		super(RULES);
		this.accept = accept;
		this.path = path;
	}

	/** All of it was read, and it is as it should be. */
	get done(): boolean {
		return this.complete;
	}

	/** Reads from `bytes[0..count)` until `done` or `refusal`; returns how much of it belonged to the response. */
	take(bytes: Uint8Array, count: number): number {
		return this.readHead(bytes, 0, count);
	}

	/** What to say when the connection ends before the response does. */
	ended(reason: string): string {
		if (this.status >= 300 && this.status < 400) return statusWords(this.status, this.path);
		return `WebSocket refused: no complete answer, ${reason}`;
	}

	protected override words(fault: string): string {
		return `WebSocket refused: ${fault}`;
	}

	/** A redirect is read on, for where it leads; of any other refusal there is nothing more to learn. */
	protected onStatus(): string | undefined {
		if (this.status === SWITCHING_PROTOCOLS || (this.status >= 300 && this.status < 400)) return undefined;
		return statusWords(this.status, this.path);
	}

	protected onHeader(colon: number, from: number, to: number): string | undefined {
		return this.status === SWITCHING_PROTOCOLS ? this.known(colon, from, to) : this.redirect(colon, from, to);
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
		return known && this.cut ? this.unreadable : refusal;
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

	protected onEnd(): string | undefined {
		if (this.status !== SWITCHING_PROTOCOLS) return statusWords(this.status, this.path);
		if ((this.seen & (UPGRADE | CONNECTION)) !== (UPGRADE | CONNECTION)) return NOT_WEBSOCKET;
		if ((this.seen & ACCEPT) === 0) return NOT_OURS;
		return (this.seen & PROTOCOL) === 0 ? NOT_MQTT : undefined;
	}
}
