import type { Device } from "../model/device.js";

/**
 * Measurements of one boot in the order in which they were taken, in one block of memory laid out once. Their sequence
 * numbers follow one another without gaps.
 */
export class Samples {
	/** Number of the start of the device in which they were taken. */
	boot = 0;
	count = 0;
	/** Sequence number of the oldest. */
	firstSeq = 1;
	/** Milliseconds since 1970 at which the monotonic clock of that boot stood at 0; undefined while it is not known. */
	originMs: number | undefined = undefined;
	readonly capacity: number;
	private head = 0;
	private readonly width: number;
	private readonly parts: Uint8Array;
	/** Per sample: monotonic time, then its values. */
	readonly numbers: Float64Array;

	constructor(device: Device, capacity: number) {
		this.capacity = capacity;
		this.width = 1 + device.parts.reduce((most, part) => Math.max(most, part.measureKeys.length), 0);
		// In one block: each of its own costs three slots of memory more.
		const count = capacity * this.width;
		const block = new ArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT + capacity);
		this.numbers = new Float64Array(block, 0, count);
		this.parts = new Uint8Array(block, this.numbers.byteLength, capacity);
	}

	/** Sequence number of the next sample. */
	get nextSeq(): number {
		return this.firstSeq + this.count;
	}

	get isFull(): boolean {
		return this.count === this.capacity;
	}

	/** Adds one measurement of the part `partIndex`. There must be room. */
	put(partIndex: number, atMs: number, values: ArrayLike<number>): void {
		const slot = (this.head + this.count) % this.capacity;
		this.parts[slot] = partIndex;
		this.numbers[slot * this.width] = atMs;
		for (let i = 0; i < values.length; i++) this.numbers[slot * this.width + 1 + i] = values[i] as number;
		this.count++;
	}

	/** Which part measured the sample `index`, counted from the oldest. */
	partIndex(index: number): number {
		return this.parts[(this.head + index) % this.capacity] as number;
	}

	/** When it was taken, in milliseconds on the monotonic clock of its boot. */
	atMs(index: number): number {
		return this.numbers[this.valuesAt(index) - 1] as number;
	}

	/** Where in `numbers` the values of a sample begin, in the order of the part's `measureKeys`. */
	valuesAt(index: number): number {
		return ((this.head + index) % this.capacity) * this.width + 1;
	}

	/** Forgets the oldest `count`. */
	release(count: number): void {
		this.head = (this.head + count) % this.capacity;
		this.firstSeq += count;
		this.count -= count;
	}
}
