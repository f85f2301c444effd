import { Refused } from "./refused.js";

// Tags (X.690 §8.1.2), the ones that certificates use.
export const BOOLEAN = 0x01;
export const INTEGER = 0x02;
export const BIT_STRING = 0x03;
export const OCTET_STRING = 0x04;
export const NULL = 0x05;
export const OID = 0x06;
export const UTC_TIME = 0x17;
export const GENERALIZED_TIME = 0x18;
export const SEQUENCE = 0x30;
export const SET = 0x31;

const LENGTH_BYTES_MAX = 3;
const IDENTIFIER_BYTES_MAX = 64;

/** The tag of a context-specific element, number 0 to 30 (X.690 §8.1.2.2). */
export function context(number: number, constructed: boolean): number {
	return 0x80 | (constructed ? 0x20 : 0) | number;
}

/**
 * Reads DER (X.690 §10) one element after another: definite lengths in their shortest form, nothing beyond the element
 * around it. Throws `Refused` at the first byte that is otherwise, so what it returns needs no further doubt.
 */
export class DerReader {
	readonly bytes: Uint8Array;
	/** Where the next element begins. */
	at: number;
	readonly end: number;

	constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	get more(): boolean {
		return this.at < this.end;
	}

	/** The tag of the next element, or -1 when there is none. */
	tag(): number {
		return this.more ? (this.bytes[this.at] as number) : -1;
	}

	/** A reader of the content of the next element, which must have this tag. */
	enter(tag: number): DerReader {
		if (this.tag() !== tag) throw new Refused("cannot be read: something else stands where it should say more");
		let at = this.at + 1;
		const first = this.byteAt(at++);
		let length = first;
		if (first >= 0x80) {
			const count = first & 0x7f;
			if (count === 0 || count > LENGTH_BYTES_MAX) throw badLength();
			length = 0;
			for (let i = 0; i < count; i++) length = length * 256 + this.byteAt(at++);
			if (length < 0x80 || length < 256 ** (count - 1)) throw badLength(); // §10.1
		}
		if (length > this.end - at) throw new Refused("cannot be read: it is cut short");
		this.at = at + length;
		return new DerReader(this.bytes, at, this.at);
	}

	/** An object identifier as hexadecimal text. Nobody needs long ones, and a device has no room for their text. */
	identifier(): string {
		const bytes = this.content(OID);
		if (bytes.length > IDENTIFIER_BYTES_MAX) throw new Refused("cannot be read: an identifier in it is too long");
		return hex(bytes);
	}

	/** The content of the next element, which must have this tag; a view. */
	content(tag: number): Uint8Array {
		return this.enter(tag).rest();
	}

	/** The next element whole, tag and length included; a view. */
	element(tag: number): Uint8Array {
		const start = this.at;
		this.enter(tag);
		return this.bytes.subarray(start, this.at);
	}

	/** Passes over the next element if it has this tag. */
	skip(tag: number): boolean {
		if (this.tag() !== tag) return false;
		this.enter(tag);
		return true;
	}

	/** Everything that is left; a view. */
	rest(): Uint8Array {
		return this.bytes.subarray(this.at, this.end);
	}

	/** Nothing may be left over. */
	finish(): void {
		if (this.more) throw new Refused("cannot be read: it has bytes left over");
	}

	/** A number from 0 to 2^31-1 (§8.3). */
	smallInteger(): number {
		const bytes = this.unsigned();
		if (bytes.length > 4 || (bytes.length === 4 && (bytes[0] as number) > 0x7f))
			throw new Refused("cannot be read: a number in it is too large");
		let value = 0;
		for (const byte of bytes) value = value * 256 + byte;
		return value;
	}

	/** The bytes of an INTEGER that is not negative, without the zero before a high bit; a view. */
	unsigned(): Uint8Array {
		const bytes = this.content(INTEGER);
		const [first = 0xff, second = 0xff] = bytes;
		if (first > 0x7f) throw new Refused("cannot be read: a number in it is negative or missing");
		if (first !== 0) return bytes;
		if (bytes.length > 1 && second < 0x80) throw new Refused("cannot be read: a number in it is padded"); // §8.3.2
		return bytes.length === 1 ? bytes : bytes.subarray(1);
	}

	/** A BOOLEAN (§11.1). */
	boolean(): boolean {
		const bytes = this.content(BOOLEAN);
		if (bytes.length !== 1 || (bytes[0] !== 0 && bytes[0] !== 0xff))
			throw new Refused("cannot be read: a yes or no in it is neither");
		return bytes[0] === 0xff;
	}

	/** The bytes of a BIT STRING of whole bytes; a view. */
	wholeBits(): Uint8Array {
		const bytes = this.content(BIT_STRING);
		if (bytes.length === 0 || bytes[0] !== 0) throw new Refused("cannot be read: a key or signature is cut short");
		return bytes.subarray(1);
	}

	private byteAt(at: number): number {
		if (at >= this.end) throw new Refused("cannot be read: it is cut short");
		return this.bytes[at] as number;
	}
}

function badLength(): Refused {
	return new Refused("cannot be read: a length in it is written wrongly");
}

/** Whether two byte strings are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** Bytes as hexadecimal text: small constants such as object identifiers are compared so. */
export function hex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += (byte < 16 ? "0" : "") + byte.toString(16);
	return text;
}
