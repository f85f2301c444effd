import { type Fault, malformed, PACKET_TOO_LARGE } from "./fault.js";
import { firstByteFault } from "./validate.js";
import { readVarint, varintSize } from "./varint.js";

/**
 * Cuts the stream of bytes from the server into packets: `feed` a chunk, then call `next` until it says false. What
 * comes out depends on the bytes alone, never on how they were cut into chunks. A packet is refused for its first byte
 * or its length before any more of it is kept, and after the first fault nothing comes out any more.
 */
export class Framer {
	/** The packet found by `next` is `bytes[start..end)`; it is lent until the next call of `next` or `feed`. */
	bytes: Uint8Array;
	start = 0;
	end = 0;
	fault: Fault | undefined = undefined;
	/** A packet that came in several chunks is kept from `keptAt` to the end of this, and so much of it is here. */
	private readonly kept: Uint8Array;
	private readonly keptAt: number;
	private keptCount = 0;
	/** What is left of the chunk. */
	private chunk: Uint8Array;
	private at = 0;
	private count = 0;
	private version: 4 | 5 = 5;

	/** The largest packet taken, its fixed header included, is what lies from `keptAt` to the end of `kept`. */
	constructor(kept: Uint8Array, keptAt: number) {
		this.kept = kept;
		this.keptAt = keptAt;
		this.chunk = kept;
		this.bytes = kept;
	}

	/** Begins a new connection; forgets everything of the last. */
	reset(version: 4 | 5): void {
		this.version = version;
		this.keptCount = 0;
		this.fault = undefined;
		this.release();
	}

	/** Whether the next chunk begins with the start of a packet. */
	get isBetweenPackets(): boolean {
		return this.keptCount === 0;
	}

	/** Takes `chunk[0..count)`, lent until `next` says false. */
	feed(chunk: Uint8Array, count: number): void {
		this.chunk = chunk;
		this.at = 0;
		this.count = count;
	}

	/** Finds the next complete packet. False when there is none, or when `fault` says why there will be none. */
	next(): boolean {
		if (this.fault !== undefined) return false;
		const found = this.keptCount > 0 ? this.nextKept() : this.nextInPlace();
		if (!found) this.release();
		return found;
	}

	/** Lets go of the chunk, which belongs to the platform. */
	release(): void {
		this.chunk = this.kept;
		this.bytes = this.kept;
		this.at = 0;
		this.count = 0;
	}

	/** A packet that lies in the chunk from end to end is handed out where it lies; of any other, the start is kept. */
	private nextInPlace(): boolean {
		if (this.at === this.count) return false;
		const size = this.measure(this.chunk, this.at, this.count);
		if (this.fault !== undefined) return false;
		if (size > 0 && this.at + size <= this.count) return this.found(this.chunk, this.at, size, this.at + size);
		this.keep(this.count - this.at);
		return false;
	}

	private nextKept(): boolean {
		const { kept, keptAt } = this;
		let size = this.measure(kept, keptAt, keptAt + this.keptCount);
		while (size === 0 && this.fault === undefined && this.at < this.count) {
			this.keep(1);
			size = this.measure(kept, keptAt, keptAt + this.keptCount);
		}
		if (size === 0 || this.fault !== undefined) return false;
		this.keep(Math.min(size - this.keptCount, this.count - this.at));
		if (this.keptCount < size) return false;
		this.keptCount = 0;
		return this.found(kept, keptAt, size, this.at);
	}

	private found(bytes: Uint8Array, start: number, size: number, at: number): boolean {
		this.bytes = bytes;
		this.start = start;
		this.end = start + size;
		this.at = at;
		return true;
	}

	private keep(count: number): void {
		this.kept.set(this.chunk.subarray(this.at, this.at + count), this.keptAt + this.keptCount);
		this.keptCount += count;
		this.at += count;
	}

	private get sizeMax(): number {
		return this.kept.length - this.keptAt;
	}

	/** The whole size of the packet that begins at `at`, or 0 while its length is not all there or is at fault. */
	private measure(bytes: Uint8Array, at: number, count: number): number {
		this.fault = firstByteFault(bytes[at] as number, this.version);
		if (this.fault !== undefined) return 0;
		const length = readVarint(bytes, at + 1, count);
		if (length === -1) return 0;
		const size = 1 + varintSize(length) + length;
		if (length === -2) this.fault = malformed("the length of a packet is written wrongly");
		else if (size > this.sizeMax) this.fault = tooLarge(size, this.sizeMax);
		return this.fault === undefined ? size : 0;
	}
}

function tooLarge(size: number, limit: number): Fault {
	return { code: PACKET_TOO_LARGE, reason: `it sent a packet of ${size} bytes, and at most ${limit} are taken` };
}
