const MORE = 0x80;
const DOUBLE_BYTES = 8;

/** Writes numbers and bytes one after the other, in little room. What does not fit is lost: `fits` tells. */
export class Packer {
	length = 0;
	readonly bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	get fits(): boolean {
		return this.length <= this.bytes.length;
	}

	/** A whole number from 0 to 2^53 - 1, seven bits a byte, the lowest first. */
	whole(value: number): void {
		let rest = value;
		for (; rest >= MORE; rest = Math.floor(rest / MORE)) this.byte((rest % MORE) | MORE);
		this.byte(rest);
	}

	/** Any number, eight bytes. */
	double(value: number): void {
		this.raw(new Uint8Array(Float64Array.of(value).buffer));
	}

	/** The bytes as they are: their number must be known to the reader. */
	raw(bytes: Uint8Array): void {
		for (let i = 0; i < bytes.length; i++) this.byte(bytes[i] as number);
	}

	private byte(value: number): void {
		this.bytes[this.length++] = value; // beyond the end it is lost without an error (ECMA-262 §10.4.5.16)
	}
}

/** Reads what a `Packer` wrote, `bytes[at..end)`. Beyond the end everything is 0: `isOver` tells. */
export class Unpacker {
	private readonly bytes: Uint8Array;
	private at: number;
	private readonly end: number;

	constructor(bytes: Uint8Array, at: number, end: number) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	/** More was read than there is. */
	get isOver(): boolean {
		return this.at > this.end;
	}

	/** Everything was read. */
	get isDone(): boolean {
		return this.at === this.end;
	}

	whole(): number {
		let value = 0;
		let scale = 1;
		for (let byte = this.byte(); ; byte = this.byte()) {
			value += (byte % MORE) * scale;
			if (byte < MORE) return value;
			scale *= MORE;
		}
	}

	double(): number {
		return new Float64Array(this.raw(DOUBLE_BYTES).buffer)[0] as number;
	}

	/** A copy of the next `count` bytes. */
	raw(count: number): Uint8Array {
		const copy = new Uint8Array(Math.max(0, Math.min(count, this.end - this.at)));
		for (let i = 0; i < copy.length; i++) copy[i] = this.byte();
		if (copy.length < count) this.at = this.end + 1;
		return copy.length < count ? new Uint8Array(DOUBLE_BYTES) : copy;
	}

	private byte(): number {
		const { at } = this;
		this.at++;
		return at < this.end ? (this.bytes[at] as number) : 0;
	}
}
