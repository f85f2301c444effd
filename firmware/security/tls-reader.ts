import { Refused } from "./refused.js";

/** Reads the numbers and vectors of TLS (RFC 5246 §4), and nothing beyond the end. Throws `Refused`. */
export class ByteReader {
	private readonly source: Uint8Array;
	private at: number;
	private readonly end: number;

	constructor(source: Uint8Array, at = 0, end = source.length) {
		this.source = source;
		this.at = at;
		this.end = end;
	}

	get more(): boolean {
		return this.at < this.end;
	}

	uint8(): number {
		return this.number(1);
	}

	uint16(): number {
		return this.number(2);
	}

	/** A reader of the vector whose length is written before it in so many bytes. */
	vector(lengthBytes: number): ByteReader {
		const start = this.take(this.number(lengthBytes));
		return new ByteReader(this.source, start, this.at);
	}

	/** A view of the next `count` bytes. */
	bytes(count: number): Uint8Array {
		const start = this.take(count);
		return this.source.subarray(start, this.at);
	}

	skip(count: number): void {
		this.take(count);
	}

	/** A view of everything that is left. */
	rest(): Uint8Array {
		return this.source.subarray(this.at, this.end);
	}

	/** Nothing may be left over. */
	finish(): void {
		if (this.more) throw new Refused("a message of its handshake has bytes left over");
	}

	private number(bytes: number): number {
		let value = 0;
		for (let at = this.take(bytes); at < this.at; at++) value = value * 256 + (this.source[at] as number);
		return value;
	}

	private take(count: number): number {
		const start = this.at;
		if (count > this.end - start) throw new Refused("a message of its handshake is cut short");
		this.at = start + count;
		return start;
	}
}
