import { HeadReader, type HeadRules } from "./http-head.js";
import { hasToken, lowerCase, sameText } from "./http-text.js";

/** The part of a file that was asked for. */
export interface AskedRange {
	/** Its first byte. */
	readonly first: number;
	readonly count: number;
	/** Bytes of the whole file. */
	readonly total: number;
}

const RULES: HeadRules = Object.freeze({ lineMax: 128, headMax: 4_096, strict: true });

const PARTIAL_CONTENT = 206;

/** Headers seen, one bit each. */
const LENGTH = 1;
const RANGE = 2;

const ENCODED = "the server sends the file in an encoding that nobody asked for";
const NO_LENGTH = "the server does not say which part of the file it sends";

/**
 * Reads the answer to a request for one range of a file (RFC 9112 §4 to §6, RFC 9110 §14.4) as it arrives. Nothing but
 * exactly that range, told in both of the ways it can be, is taken; the same bytes give the same result in every chunking.
 */
export class RangeResponse extends HeadReader {
	/** The whole range is in `body`. */
	done = false;
	/** The server keeps the connection open for another request. */
	keepsOpen = true;
	private readonly asked: AskedRange;
	private readonly body: Uint8Array;
	private seen = 0;
	private received = 0;

	/** @param body where the range goes: as many bytes as asked for, or more. */
	constructor(asked: AskedRange, body: Uint8Array) {
		super(RULES);
		this.asked = asked;
		this.body = body;
	}

	/** Reads `bytes[0..count)`. What comes after the answer is more than was asked for, and refused. */
	take(bytes: Uint8Array, count: number): void {
		let at = 0;
		while (at < count && this.refusal === undefined) {
			if (this.done) this.refusal = "the server sends more than it was asked for";
			else if (this.complete) at += this.takeBody(bytes, at, count);
			else at = this.readHead(bytes, at, count);
		}
	}

	private takeBody(bytes: Uint8Array, at: number, end: number): number {
		const count = Math.min(end - at, this.asked.count - this.received);
		this.body.set(bytes.subarray(at, at + count), this.received);
		this.received += count;
		this.done = this.received === this.asked.count;
		return count;
	}

	protected onStatus(): string | undefined {
		if (this.line[7] !== 0x31) this.keepsOpen = false; // HTTP/1.0
		return this.status === PARTIAL_CONTENT ? undefined : statusWords(this.status);
	}

	protected onHeader(colon: number, from: number, to: number): string | undefined {
		lowerCase(this.line, from, to);
		return this.known(colon, from, to);
	}

	protected onEnd(): string | undefined {
		return this.seen === (LENGTH | RANGE) ? undefined : NO_LENGTH;
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
		if ((this.seen & bit) !== 0) return this.unreadable;
		this.seen |= bit;
		return undefined;
	}
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
