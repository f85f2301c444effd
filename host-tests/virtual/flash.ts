import type { Segments } from "../../firmware/ports/segments.js";
import { PowerCut } from "./store.js";

const ERASED = 0xff;

/**
 * NOR flash in memory. Strict: a write that would turn a zero into a one, which a chip ignores in silence, throws. The
 * power can go at any byte, and the flash can fail.
 */
export class VirtualFlash implements Segments {
	readonly count: number;
	readonly bytes: number;
	/** Calls of `write`, the bytes they wrote, and the erases of each segment. */
	writes = 0;
	bytesWritten = 0;
	readonly erases: Uint32Array;
	/** Everything but reading throws while this is set. */
	broken = false;
	/** The content, for a test to look at or to damage. */
	readonly content: Uint8Array;
	private cutAfter = Number.POSITIVE_INFINITY;
	private onCut: () => void = () => undefined;
	private dead = false;

	constructor(count = 16, bytes = 4_096) {
		this.count = count;
		this.bytes = bytes;
		this.content = new Uint8Array(count * bytes).fill(ERASED);
		this.erases = new Uint32Array(count);
	}

	read(segment: number, at: number, into: Uint8Array): void {
		const from = this.place(segment, at, into.length);
		into.set(this.content.subarray(from, from + into.length));
	}

	write(segment: number, at: number, bytes: Uint8Array): void {
		const from = this.place(segment, at, bytes.length);
		if (this.broken) throw new Error("flash is broken");
		this.writes++;
		for (const [i, byte] of bytes.entries()) {
			this.spend();
			const old = this.content[from + i] as number;
			if ((old & byte) !== byte) throw new Error(`byte ${at + i} of segment ${segment} was not erased`);
			this.content[from + i] = byte;
			this.bytesWritten++;
		}
	}

	/** A power cut leaves a beginning erased; the rest is as it was. */
	erase(segment: number): void {
		const from = this.place(segment, 0, this.bytes);
		if (this.broken) throw new Error("flash is broken");
		this.erases[segment] = (this.erases[segment] as number) + 1;
		for (let i = 0; i < this.bytes; i++) {
			if (i % ERASE_STEP === 0) this.spend();
			this.content[from + i] = ERASED;
		}
	}

	/** Takes the power away before the byte after the next `bytes` is written; every 64 erased bytes count as one. */
	cutPowerAfter(bytes: number, onCut: () => void = () => undefined): void {
		this.cutAfter = bytes;
		this.onCut = onCut;
	}

	/** The power is back. */
	reset(): void {
		this.dead = false;
		this.cutAfter = Number.POSITIVE_INFINITY;
	}

	/** Whether the power went away since the last `reset`. */
	get isDead(): boolean {
		return this.dead;
	}

	private spend(): void {
		if (this.cutAfter-- > 0) return;
		this.dead = true;
		this.onCut();
		throw new PowerCut("the power is gone");
	}

	private place(segment: number, at: number, length: number): number {
		if (this.dead) throw new PowerCut("the power is gone");
		const exists = Number.isInteger(segment) && segment >= 0 && segment < this.count;
		if (!exists || !Number.isInteger(at) || at < 0 || at + length > this.bytes) {
			throw new Error(`there are no ${length} bytes at ${at} of segment ${segment}`);
		}
		return segment * this.bytes + at;
	}
}

const ERASE_STEP = 64;
