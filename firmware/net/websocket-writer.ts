import type { Board } from "../ports/board.js";
import { CLOSE, FIN, LENGTH_16, LENGTH_64, MASKED } from "./websocket-frames.js";

const BYTES = 512; // most packets of a device; one larger makes it grow in steps of this, and the session bounds that
const HEADER_MAX = 14; // §5.2: 2, a length of 8, a mask of 4
const MASK_BYTES = 4;
const MASKS = 16;

/** Makes masked frames (RFC 6455 §5.2, §5.3), each whole in one buffer, so that it goes out in one write. */
export class FrameWriter {
	/** The last frame, from its start. */
	bytes: Uint8Array = new Uint8Array(BYTES);
	private readonly random: Pick<Board, "random">;
	/** Random bytes for masks, fetched many at a time. */
	private readonly masks: Uint8Array = new Uint8Array(MASKS * MASK_BYTES);
	private maskAt: number = MASKS * MASK_BYTES;

	constructor(random: Pick<Board, "random">) {
		this.random = random;
	}

	/** Makes a frame of `payload[0..count)`; returns its size, or 0 while the board has nothing random to mask it with. */
	frame(opcode: number, payload: Uint8Array, count: number): number {
		if (!this.fetch()) return 0;
		const needed = count + HEADER_MAX;
		if (needed > this.bytes.length) this.bytes = new Uint8Array(Math.ceil(needed / BYTES) * BYTES);
		const { bytes } = this;
		bytes[0] = FIN | opcode;
		const start = putLength(bytes, count) + MASK_BYTES;
		this.mask(start, payload, count);
		return start + count;
	}

	/** Makes a Close frame that carries `code` (§5.5.1); returns its size, or 0. */
	close(code: number): number {
		return this.frame(CLOSE, Uint8Array.of(code >> 8, code & 0xff), 2);
	}

	/** Makes sure that there is a mask; false when the board has none now. */
	private fetch(): boolean {
		if (this.maskAt < this.masks.length) return true;
		try {
			this.random.random(this.masks);
		} catch {
			return false;
		}
		this.maskAt = 0;
		return true;
	}

	/** Puts the next mask before `start`, and the payload, masked, from there on. */
	private mask(start: number, payload: Uint8Array, count: number): void {
		const { bytes, masks, maskAt } = this;
		const m0 = masks[maskAt] as number;
		const m1 = masks[maskAt + 1] as number;
		const m2 = masks[maskAt + 2] as number;
		const m3 = masks[maskAt + 3] as number;
		this.maskAt += MASK_BYTES;
		bytes[start - 4] = m0;
		bytes[start - 3] = m1;
		bytes[start - 2] = m2;
		bytes[start - 1] = m3;
		const even = count & ~3;
		let to = start;
		let from = 0;
		while (from < even) {
			bytes[to++] = (payload[from++] as number) ^ m0;
			bytes[to++] = (payload[from++] as number) ^ m1;
			bytes[to++] = (payload[from++] as number) ^ m2;
			bytes[to++] = (payload[from++] as number) ^ m3;
		}
		if (from < count) bytes[to++] = (payload[from++] as number) ^ m0;
		if (from < count) bytes[to++] = (payload[from++] as number) ^ m1;
		if (from < count) bytes[to] = (payload[from] as number) ^ m2;
	}
}

/** Writes the length in as few bytes as it takes, and the bit for a mask; returns where the mask goes. */
function putLength(bytes: Uint8Array, count: number): number {
	if (count < LENGTH_16) {
		bytes[1] = MASKED | count;
		return 2;
	}
	const long = count > 0xffff;
	bytes[1] = MASKED | (long ? LENGTH_64 : LENGTH_16);
	const size = long ? 8 : 2;
	let rest = count;
	for (let at = size + 1; at > 1; at--) {
		bytes[at] = rest & 0xff;
		rest = Math.floor(rest / 256);
	}
	return 2 + size;
}
