import {
	BINARY,
	CLOSE,
	CONTINUATION,
	CONTROL_BYTES_MAX,
	FIN,
	LENGTH_16,
	LENGTH_64,
	MASKED,
	PING,
	PONG,
	PROTOCOL_ERROR,
	TEXT,
	TOO_BIG,
	UNSUPPORTED_DATA,
} from "./websocket-frames.js";

/** The largest MQTT packet there can be (MQTT 5 §2.1.4): no server has a reason to send a longer frame. */
export const FRAME_BYTES_MAX = 5 + 268_435_455;

/** What `next` found. */
export type FrameEvent = "nothing" | "data" | "ping" | "close" | "fault";

/**
 * Takes the server's frames apart (RFC 6455 §5): `feed` a chunk, then call `next` until it says "nothing". What comes out
 * depends on the bytes alone, not on how they were cut into chunks. Nothing is kept of data: it is found where it lies.
 */
export class FrameReader {
	/** Data found lies in the chunk from here ... */
	start = 0;
	/** ... to here. */
	end = 0;
	/** The payload of the last ping or close. */
	readonly control: Uint8Array = new Uint8Array(CONTROL_BYTES_MAX);
	controlCount = 0;
	/** `control` holds a complete ping that was not answered. */
	unanswered = false;
	/** How the server broke the protocol, and the code to tell it. */
	fault = "";
	faultCode = 0;
	private chunk: Uint8Array;
	private at = 0;
	private count = 0;
	private stage: "first" | "second" | "length" | "payload" = "first";
	private opcode = 0;
	/** Bytes of a long length that are still to come. */
	private lengthBytes = 0;
	/** The least that is worth a length of so many bytes. */
	private shortest = 0;
	/** Bytes of the payload that are still to come. */
	private left = 0;
	/** A message is not complete: what follows must continue it (§5.4). */
	private continues = false;

	constructor() {
		this.chunk = this.control;
	}

	/** Takes `chunk[from..count)`, lent until `release`. */
	feed(chunk: Uint8Array, from: number, count: number): void {
		this.chunk = chunk;
		this.at = from;
		this.count = count;
	}

	/** Lets go of the chunk. */
	release(): void {
		this.feed(this.control, 0, 0);
	}

	next(): FrameEvent {
		while (this.fault === "" && this.at < this.count) {
			const event = this.stage === "payload" ? this.payload() : this.header(this.chunk[this.at++] as number);
			if (event !== "nothing") return event;
		}
		return "nothing";
	}

	private header(byte: number): FrameEvent {
		if (this.stage === "first") return this.first(byte);
		return this.stage === "second" ? this.second(byte) : this.length(byte);
	}

	private first(byte: number): FrameEvent {
		const opcode = byte & 0x0f;
		const fin = (byte & FIN) !== 0;
		if ((byte & 0x70) !== 0) return this.wrong("it uses an extension that nobody asked for"); // §5.2, RSV1 to 3
		if (opcode === TEXT) return this.wrong("it sends text, and MQTT is binary", UNSUPPORTED_DATA); // [MQTT-6.0.0-1]
		if (opcode >= CLOSE) {
			if (opcode > PONG) return this.wrong(`it sends a frame of an unknown kind, ${opcode}`); // §5.2
			if (!fin) return this.wrong("it cuts a control frame into pieces"); // §5.5
			if (opcode !== PONG) this.unanswered = false; // its payload takes the place of the one before
		} else {
			if (opcode > BINARY) return this.wrong(`it sends a frame of an unknown kind, ${opcode}`); // §5.2
			if ((opcode === CONTINUATION) !== this.continues) return this.wrong("it mixes up the pieces of messages"); // §5.4
			this.continues = !fin;
		}
		this.opcode = opcode;
		this.stage = "second";
		return "nothing";
	}

	private second(byte: number): FrameEvent {
		if ((byte & MASKED) !== 0) return this.wrong("it masks what it sends"); // §5.1
		const length = byte & 0x7f;
		if (length > CONTROL_BYTES_MAX) {
			if (this.opcode >= CLOSE) return this.wrong("it sends a control frame that is too long"); // §5.5
			this.lengthBytes = length === LENGTH_64 ? 8 : 2;
			this.shortest = length === LENGTH_64 ? 0x10000 : LENGTH_16;
			this.left = 0;
			this.stage = "length";
			return "nothing";
		}
		this.left = length;
		return this.begin();
	}

	/** One more byte of a length of 16 or 64 bits, the most significant first. */
	private length(byte: number): FrameEvent {
		this.left = this.left * 256 + byte;
		if (this.left > FRAME_BYTES_MAX) return this.wrong("it sends a frame that is too long", TOO_BIG);
		if (--this.lengthBytes > 0) return "nothing";
		if (this.left < this.shortest) return this.wrong("it spends more bytes on a length than it takes"); // §5.2
		return this.begin();
	}

	/** The header is complete. */
	private begin(): FrameEvent {
		if (this.opcode === PING || this.opcode === CLOSE) this.controlCount = 0;
		this.stage = "payload";
		return this.left === 0 ? this.complete() : "nothing";
	}

	private payload(): FrameEvent {
		const count = Math.min(this.left, this.count - this.at);
		const start = this.at;
		this.at += count;
		this.left -= count;
		if (this.opcode >= CLOSE) {
			if (this.opcode !== PONG) this.keep(start);
			return this.left === 0 ? this.complete() : "nothing";
		}
		if (this.left === 0) this.stage = "first";
		this.start = start;
		this.end = this.at;
		return "data";
	}

	private keep(start: number): void {
		for (let from = start; from < this.at; from++) this.control[this.controlCount++] = this.chunk[from] as number;
	}

	private complete(): FrameEvent {
		this.stage = "first";
		if (this.opcode === CLOSE) return "close";
		if (this.opcode !== PING) return "nothing";
		this.unanswered = true;
		return "ping";
	}

	private wrong(fault: string, code = PROTOCOL_ERROR): FrameEvent {
		this.fault = fault;
		this.faultCode = code;
		return "fault";
	}
}
