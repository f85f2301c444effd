import { BINARY, FIN, LENGTH_16, LENGTH_64, MASKED } from "../../firmware/net/websocket-frames.js";

export interface FrameChanges {
	readonly opcode?: number;
	/** The first byte's upper half. */
	readonly flags?: number;
	readonly masked?: boolean;
	/** Bytes of the length: 0, 2 or 8; as few as possible unless given. */
	readonly lengthBytes?: 0 | 2 | 8;
}

/** One frame as a server sends it, or with something wrong about it. */
export function frame(payload: Uint8Array | string, changes: FrameChanges = {}): Uint8Array {
	const bytes = Buffer.from(payload);
	const { opcode = BINARY, flags = FIN, masked = false } = changes;
	const lengthBytes = changes.lengthBytes ?? (bytes.length < LENGTH_16 ? 0 : bytes.length < 65_536 ? 2 : 8);
	const head = Buffer.alloc(2 + lengthBytes);
	head[0] = flags | opcode;
	head[1] = (masked ? MASKED : 0) | (lengthBytes === 0 ? bytes.length : lengthBytes === 2 ? LENGTH_16 : LENGTH_64);
	if (lengthBytes === 2) head.writeUInt16BE(bytes.length, 2);
	if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(bytes.length), 2);
	return new Uint8Array(Buffer.concat([head, ...(masked ? [Buffer.alloc(4)] : []), bytes]));
}

/** A Close frame's payload. */
export function closing(code: number, reason = ""): Uint8Array {
	return new Uint8Array([code >> 8, code & 0xff, ...Buffer.from(reason)]);
}

/** One of a client's frames, unmasked. */
export interface ClientFrame {
	readonly fin: boolean;
	readonly opcode: number;
	readonly mask: Uint8Array;
	readonly payload: Uint8Array;
}

/** Takes a client's frames apart; throws at anything that a client may not send (§5). */
export function clientFrames(sent: Uint8Array): ClientFrame[] {
	const bytes = Buffer.from(sent);
	const frames: ClientFrame[] = [];
	for (let at = 0; at < bytes.length; ) {
		const first = bytes.readUInt8(at);
		const second = bytes.readUInt8(at + 1);
		if ((first & 0x70) !== 0 || (second & MASKED) === 0) throw new Error(`byte ${at}: no frame of a client`);
		const short = second & 0x7f;
		const lengthBytes = short === LENGTH_64 ? 8 : short === LENGTH_16 ? 2 : 0;
		const length =
			lengthBytes === 8 ? Number(bytes.readBigUInt64BE(at + 2)) : lengthBytes ? bytes.readUInt16BE(at + 2) : short;
		if (lengthBytes > 0 && length < (lengthBytes === 8 ? 65_536 : LENGTH_16))
			throw new Error(`byte ${at}: a length too long`);
		const from = at + 6 + lengthBytes;
		if (from + length > bytes.length) throw new Error(`byte ${at}: the frame is not complete`);
		const mask = bytes.subarray(from - 4, from);
		const payload = bytes.subarray(from, from + length).map((byte, index) => byte ^ (mask[index & 3] as number));
		frames.push({ fin: (first & FIN) !== 0, opcode: first & 0x0f, mask, payload });
		at = from + length;
	}
	return frames;
}
