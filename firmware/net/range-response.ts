import { hasToken, lowerCase, sameText } from "./websocket-text.js";

/** The part of a file that was asked for. */
export interface AskedRange {
	/** Its first byte. */
	readonly first: number;
	readonly count: number;
	/** Bytes of the whole file. */
	readonly total: number;
}

/** Longest line of which all is looked at; of a longer one the rest is skipped, unless it matters. */
const LINE_BYTES_MAX = 128;
const HEAD_BYTES_MAX = 4_096;

const PARTIAL_CONTENT = 206;
const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

/** Headers seen, one bit each. */
const LENGTH = 1;
const RANGE = 2;

const NOT_HTTP = "the server does not speak HTTP there";
const UNREADABLE = "the server's answer has a line that cannot be read";
const TOO_LONG = "the head of the server's answer is too long";
const ENCODED = "the server sends the file in an encoding that nobody asked for";
const NO_LENGTH = "the server does not say which part of the file it sends";

/**
 * Reads the answer to a request for one range of a file (RFC 9112 §4 to §6, RFC 9110 §14.4) as it arrives. Nothing but
 * exactly that range, told in both of the ways it can be, is taken; the same bytes give the same result in every chunking.
 */
export class RangeResponse {
	/** The whole range is in `body`. */
	done = false;
	/** Why it is not taken, in plain words. */
	refusal: string | undefined = undefined;
	/** The server keeps the connection open for another request. */
	keepsOpen = true;
	private readonly asked: AskedRange;
	private readonly body: Uint8Array;
	private readonly line = new Uint8Array(LINE_BYTES_MAX);
	/** Length of the line so far; what is beyond `line` is not kept. */
	private length = 0;
	private headBytes = 0;
	private status = 0;
	private seen = 0;
	private inBody = false;
	private received = 0;

	/** @param body where the range goes: as many bytes as asked for, or more. */
	constructor(asked: AskedRange, body: Uint8Array) {
		this.asked = asked;
		this.body = body;
	}

	/** Reads `bytes[0..count)`. What comes after the answer is more than was asked for, and refused. */
	take(bytes: Uint8Array, count: number): void {
		let at = 0;
		while (at < count && this.refusal === undefined) {
			if (this.done) this.refusal = "the server sends more than it was asked for";
			else if (this.inBody) at += this.takeBody(bytes, at, count);
			else this.takeHead(bytes[at++] as number);
		}
	}

	private takeBody(bytes: Uint8Array, at: number, end: number): number {
		const count = Math.min(end - at, this.asked.count - this.received);
		this.body.set(bytes.subarray(at, at + count), this.received);
		this.received += count;
		this.done = this.received === this.asked.count;
		return count;
	}

	private takeHead(byte: number): void {
		if (++this.headBytes > HEAD_BYTES_MAX) this.refusal = TOO_LONG;
		else if (byte === LF) this.endLine();
		else if (byte < SPACE && byte !== TAB && byte !== CR) this.refusal = UNREADABLE;
		else if (this.length > 0 && this.length <= LINE_BYTES_MAX && this.line[this.length - 1] === CR)
			this.refusal = UNREADABLE; // a CR ends a line, or nothing (RFC 9112 §2.2)
		else if (this.length++ < LINE_BYTES_MAX) this.line[this.length - 1] = byte;
	}

	private endLine(): void {
		const whole = this.length <= LINE_BYTES_MAX;
		const end = whole ? this.length - 1 : LINE_BYTES_MAX;
		if (whole && (end < 0 || this.line[end] !== CR)) this.refusal = UNREADABLE;
		else if (this.status === 0) this.refusal = this.statusLine(end);
		else if (end > 0) this.refusal = this.header(end);
		else this.refusal = this.endHead();
		this.length = 0;
	}

	/** RFC 9112 §4. */
	private statusLine(end: number): string | undefined {
		const { line } = this;
		if (end < 12 || !sameText(line, 0, 7, "HTTP/1.") || line[8] !== SPACE) return NOT_HTTP;
		if (line[7] !== 0x31) this.keepsOpen = false; // HTTP/1.0
		for (let at = 9; at < 12; at++) {
			const digit = (line[at] as number) - 0x30;
			if (digit < 0 || digit > 9) return NOT_HTTP;
			this.status = this.status * 10 + digit;
		}
		if (end > 12 && line[12] !== SPACE) return NOT_HTTP;
		return this.status === PARTIAL_CONTENT ? undefined : statusWords(this.status);
	}

	/** RFC 9112 §5: a name, a colon, a value with blanks around it. */
	private header(end: number): string | undefined {
		const { line } = this;
		let colon = 0;
		while (colon < end && (line[colon] as number) > SPACE && line[colon] !== COLON) colon++;
		if (colon === 0 || colon === end || line[colon] !== COLON) return UNREADABLE;
		let from = colon + 1;
		let to = end;
		while (from < to && isBlank(line[from] as number)) from++;
		while (to > from && isBlank(line[to - 1] as number)) to--;
		lowerCase(line, 0, to);
		return this.known(colon, from, to);
	}

	private known(colon: number, from: number, to: number): string | undefined {
		const { line } = this;
		const { first, count, total } = this.asked;
		const isIt = (name: string) => sameText(line, 0, colon, name);
		if (isIt("content-length")) return this.once(LENGTH, sameText(line, from, to, String(count)));
		if (isIt("content-range")) {
			const wanted = `bytes ${first}-${first + count - 1}/${total}`;
			return this.once(RANGE, sameText(line, from, to, wanted));
		}
		if (isIt("transfer-encoding")) return ENCODED;
		if (isIt("content-encoding")) return sameText(line, from, to, "identity") ? undefined : ENCODED;
		if (isIt("connection") && hasToken(line, from, to, "close")) this.keepsOpen = false;
		return undefined;
	}

	private once(bit: number, isAsAsked: boolean): string | undefined {
		if (!isAsAsked)
			return "the file on the server is not the release: it has another size, or another part of it is sent";
		if ((this.seen & bit) !== 0) return UNREADABLE;
		this.seen |= bit;
		return undefined;
	}

	private endHead(): string | undefined {
		if (this.seen !== (LENGTH | RANGE)) return NO_LENGTH;
		this.inBody = true;
		return undefined;
	}
}

function isBlank(byte: number): boolean {
	return byte === SPACE || byte === TAB;
}

/** Why an answer with this status (RFC 9110 §15) is of no use here. */
function statusWords(status: number): string {
	if (status === 200) return "the server sends the whole file at once, and ranges are needed";
	if (status >= 300 && status < 400) return `the server sends us elsewhere (${status}): give that address`;
	if (status === 401 || status === 403) return `the server does not let this device have the file (${status})`;
	if (status === 404 || status === 410) return `there is no such file on the server (${status})`;
	if (status === 416) return "the file on the server is shorter than the release (416)";
	if (status === 429) return "the server is asked too often (429)";
	if (status >= 500) return `the server is out of order (${status})`;
	return `the server gave an answer that is of no use (${status})`;
}
