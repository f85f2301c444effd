import { lowerCase, sameText } from "./http-text.js";

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const TAB = 0x09;

const NOT_HTTP = "the other side does not speak HTTP at this port";
const UNREADABLE = "the server's answer has a line that cannot be read";
const TOO_LONG = "the head of the server's answer is too long";

/** What an answer has to be like, and how much of it is read. */
export interface HeadRules {
	/** Longest line of which all is looked at; of a longer one the rest is skipped. */
	readonly lineMax: number;
	/** Bytes of the whole head. */
	readonly headMax: number;
	/** Lines must end with CR LF, and have no other characters for control in them; else LF alone ends one, too. */
	readonly strict: boolean;
}

/**
 * Reads the head of an HTTP/1.1 answer (RFC 9112 §4, §5) as it arrives, a line at a time, and keeps no more than one. What
 * the lines mean, whoever extends this says. The same bytes give the same result in every chunking.
 */
export abstract class HeadReader {
	/** The head is over, and was taken. */
	protected complete = false;
	/** Why the answer is not taken, in plain words. */
	refusal: string | undefined = undefined;
	/** 0 until the first line was read. */
	protected status = 0;
	protected readonly line: Uint8Array;
	private readonly rules: HeadRules;
	/** Length of the line so far; what is beyond `line` is not kept. */
	private length = 0;
	private total = 0;

	constructor(rules: HeadRules) {
		this.rules = rules;
		this.line = new Uint8Array(rules.lineMax);
	}

	/** The first line was read: `status`. Returns why this is the end, or undefined. */
	protected abstract onStatus(): string | undefined;
	/** A header, its name in small letters `line[0..colon)`, its value `line[from..to)`. Returns as `onStatus` does. */
	protected abstract onHeader(colon: number, from: number, to: number): string | undefined;
	/** The line that ends the head. Returns as `onStatus` does. */
	protected abstract onEnd(): string | undefined;

	/** What is said of a head that is none. */
	protected words(fault: string): string {
		return fault;
	}

	protected get unreadable(): string {
		return this.words(UNREADABLE);
	}

	/** The line is longer than what was kept of it. */
	protected get cut(): boolean {
		return this.length > this.rules.lineMax;
	}

	/** Reads `bytes[at..end)` until the head is over, or refused; returns where. */
	protected readHead(bytes: Uint8Array, at: number, end: number): number {
		const { headMax, lineMax, strict } = this.rules;
		let next = at;
		while (next < end && !this.complete && this.refusal === undefined) {
			const byte = bytes[next++] as number;
			if (++this.total > headMax) this.refusal = this.words(TOO_LONG);
			else if (byte === LF) this.endLine();
			else if (strict && this.isOutOfPlace(byte)) this.refusal = this.unreadable;
			else if (this.length++ < lineMax) this.line[this.length - 1] = byte;
		}
		return next;
	}

	/** A character for control; or any that follows a CR, which ends a line or nothing (RFC 9112 §2.2). */
	private isOutOfPlace(byte: number): boolean {
		if (byte < SPACE && byte !== TAB && byte !== CR) return true;
		return this.length > 0 && !this.cut && this.line[this.length - 1] === CR;
	}

	private endLine(): void {
		const last = this.cut ? -1 : this.length - 1;
		const hasCr = last >= 0 && this.line[last] === CR;
		const end = hasCr ? last : Math.min(this.length, this.rules.lineMax);
		if (this.rules.strict && !hasCr && !this.cut) this.refusal = this.unreadable;
		else if (this.status === 0) this.refusal = this.statusLine(end);
		else if (end > 0) this.refusal = this.header(end);
		else {
			this.refusal = this.onEnd();
			this.complete = this.refusal === undefined;
		}
		this.length = 0;
	}

	/** RFC 9112 §4. */
	private statusLine(end: number): string | undefined {
		const { line } = this;
		if (end < 12 || !sameText(line, 0, 7, "HTTP/1.") || line[8] !== SPACE) return this.words(NOT_HTTP);
		for (let at = 9; at < 12; at++) {
			const digit = (line[at] as number) - 0x30;
			if (digit < 0 || digit > 9) return this.words(NOT_HTTP);
			this.status = this.status * 10 + digit;
		}
		if (this.status < 100 || (end > 12 && line[12] !== SPACE)) return this.words(NOT_HTTP);
		return this.onStatus();
	}

	/** RFC 9112 §5: a name, a colon, a value with blanks around it. */
	private header(end: number): string | undefined {
		const { line } = this;
		let colon = 0;
		while (colon < end && (line[colon] as number) > SPACE && line[colon] !== COLON) colon++;
		if (colon === 0 || colon === end || line[colon] !== COLON) return this.unreadable;
		lowerCase(line, 0, colon);
		let from = colon + 1;
		let to = end;
		while (from < to && isBlank(line[from] as number)) from++;
		while (to > from && isBlank(line[to - 1] as number)) to--;
		return this.onHeader(colon, from, to);
	}
}

function isBlank(byte: number): boolean {
	return byte === SPACE || byte === TAB;
}
