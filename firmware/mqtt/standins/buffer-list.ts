import { Buffer } from "./buffer.js";
import { currentText } from "./text.js";

/** What mqtt-packet's parser uses of `bl`: a queue of bytes that is read at any offset and consumed from the front. */
class BufferList {
	private bytes: Uint8Array = new Buffer(0);

	get length(): number {
		return this.bytes.length;
	}

	/** The bytes are not copied as long as they are the only ones, which they are: one packet is parsed at a time. */
	append(bytes: Uint8Array): this {
		if (this.bytes.length === 0) {
			this.bytes = bytes;
			return this;
		}
		const both = new Buffer(this.bytes.length + bytes.length);
		both.set(this.bytes);
		both.set(bytes, this.bytes.length);
		this.bytes = both;
		return this;
	}

	consume(count: number): this {
		this.bytes = this.bytes.subarray(count);
		return this;
	}

	/** A view, as in `bl` where the range lies in one buffer. */
	slice(start: number, end: number): Uint8Array {
		return this.bytes.subarray(start, end);
	}

	/** Throws on malformed UTF-8, where `bl` puts U+FFFD. */
	toString(_encoding: string, start: number, end: number): string {
		return currentText().decode(this.bytes, start, end);
	}

	readUInt8(offset: number): number {
		const byte = this.bytes[offset];
		if (byte === undefined) throw new RangeError(`no byte ${offset} in ${this.length}`);
		return byte;
	}

	readUInt16BE(offset: number): number {
		return this.readUInt8(offset) * 0x100 + this.readUInt8(offset + 1);
	}

	readUInt32BE(offset: number): number {
		return this.readUInt16BE(offset) * 0x1_0000 + this.readUInt16BE(offset + 2);
	}
}

export type { BufferList };

/** Called without `new`. */
function bufferList(): BufferList {
	return new BufferList();
}

// A default export and nothing else: `require("bl")` must be the function itself.
export { bufferList as default };
