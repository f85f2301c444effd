import type { Text } from "../ports/text.js";
import type { DocumentWriter, PreparedName } from "./document.js";
import { roundNumber } from "./quantity.js";

const TWO_TO_32 = 0x1_0000_0000;

/**
 * Writes MessagePack (github.com/msgpack/msgpack/blob/master/spec.md). A number takes the shortest form that keeps it
 * exactly: an integer where it is whole, 32 bits where they hold the decimal value as 64 would (21.5), else 64 (21.53).
 *
 * Our own, because the libraries make a new block of memory for every document, and bring with them a TextEncoder,
 * BigInt and classes at module level that XS has not or cannot preload: see message-pack-reader.ts for figures.
 */
export class MessagePackWriter implements DocumentWriter {
	length = 0;
	readonly room: number;
	private readonly bytes: Uint8Array;
	private readonly utf8: Pick<Text, "write">;
	private readonly view: DataView;
	/** Where the array that is open begins. */
	private arrayAt = 0;
	private marked = 0;

	constructor(room: number, utf8: Pick<Text, "write">) {
		this.room = room;
		this.bytes = new Uint8Array(room);
		this.utf8 = utf8;
		this.view = new DataView(this.bytes.buffer);
	}

	begin(): void {
		this.length = 0;
		this.marked = 0;
	}

	mark(): void {
		this.marked = this.length;
	}

	rewind(): void {
		this.length = this.marked;
	}

	written(): Uint8Array {
		return this.bytes.subarray(0, this.length);
	}

	object(members: number): void {
		if (members < 16) this.byte(0x80 | members);
		else this.sized(0xde, members, 2);
	}

	endObject(): void {}

	/** Its length is not known yet: the form with 16 bits has room for any. */
	array(): void {
		this.arrayAt = this.length;
		this.sized(0xdc, 0, 2);
	}

	/** An array whose length is known. */
	items(count: number): void {
		if (count < 16) this.byte(0x90 | count);
		else this.sized(0xdc, count, 2);
	}

	endArray(items: number): void {
		this.bytes[this.arrayAt + 1] = items >> 8;
		this.bytes[this.arrayAt + 2] = items & 0xff;
	}

	name(prepared: PreparedName): void {
		if (typeof prepared === "string") return; // no name of ours
		if (this.length + prepared.length <= this.bytes.length) this.bytes.set(prepared, this.length);
		this.length += prepared.length;
	}

	/** The length stands before the text. Characters are at most as many as bytes, so the room for it is seldom too small. */
	text(value: string): void {
		const at = this.length;
		const guess = headSize(value.length);
		const written = at + guess > this.bytes.length ? -1 : this.utf8.write(value, this.bytes, at + guess);
		const head = headSize(written);
		if (written < 0 || at + head + written > this.bytes.length) {
			this.length = this.bytes.length + 1;
			return;
		}
		if (head !== guess) this.bytes.copyWithin(at + head, at + guess, at + guess + written);
		if (head === 1) this.byte(0xa0 | written);
		else if (head === 2) this.sized(0xd9, written, 1);
		else this.sized(0xda, written, 2);
		this.length += written;
	}

	number(value: number, decimals: number): void {
		this.exact(roundNumber(value, decimals));
	}

	/** With every place that it has. */
	exact(value: number): void {
		if (Number.isSafeInteger(value)) this.integer(value);
		else if (!Number.isFinite(value)) this.nothing();
		else this.float(Math.fround(value) === value ? 4 : 8, value);
	}

	integer(value: number): void {
		if (value >= 0) this.natural(value);
		else if (value >= -0x20) this.byte(0x100 + value);
		else if (value >= -0x80) this.sized(0xd0, value, 1);
		else if (value >= -0x8000) this.sized(0xd1, value, 2);
		else if (value >= -0x8000_0000) this.sized(0xd2, value, 4);
		else this.long(0xd3, value);
	}

	boolean(value: boolean): void {
		this.byte(value ? 0xc3 : 0xc2);
	}

	nothing(): void {
		this.byte(0xc0);
	}

	private natural(value: number): void {
		if (value < 0x80) this.byte(value);
		else if (value < 0x100) this.sized(0xcc, value, 1);
		else if (value < 0x1_0000) this.sized(0xcd, value, 2);
		else if (value < TWO_TO_32) this.sized(0xce, value, 4);
		else this.long(0xcf, value);
	}

	private byte(value: number): void {
		this.bytes[this.length++] = value;
	}

	/** `first`, then the lowest `size` bytes of `value`. */
	private sized(first: number, value: number, size: number): void {
		this.byte(first);
		this.low(value, size);
	}

	/** 64 bits, in two's complement when negative. */
	private long(first: number, value: number): void {
		const high = Math.floor(value / TWO_TO_32);
		this.sized(first, high, 4);
		this.low(value - high * TWO_TO_32, 4);
	}

	/** The lowest `size` bytes of `value`, the highest first. */
	private low(value: number, size: number): void {
		for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) this.byte((value >>> shift) & 0xff);
	}

	private float(size: 4 | 8, value: number): void {
		this.byte(size === 4 ? 0xca : 0xcb);
		if (this.length + size <= this.bytes.length) {
			if (size === 4) this.view.setFloat32(this.length, value);
			else this.view.setFloat64(this.length, value);
		}
		this.length += size;
	}
}

/** Bytes before a text of this many bytes. */
function headSize(length: number): number {
	if (length < 32) return 1;
	return length < 0x100 ? 2 : 3;
}
