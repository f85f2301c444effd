import type { Stream } from "../ports/network.js";
import { CONTROL_BYTES, controlAt } from "./memory.js";
import { PUBACK } from "./packet.js";

/** How many QoS 1 and 2 messages the server may have sent without an acknowledgement (MQTT 5 Receive Maximum). */
export const RECEIVE_MAXIMUM = 16;

/**
 * The way out: one packet, one write. Small control packets that find no room wait here and go before anything else;
 * all others are refused, for their owner to bring again.
 */
export class Sender {
	/** A packet is made here, from its start, and then sent with `send`. */
	readonly bytes: Uint8Array;
	/** PUBACKs that wait for room: the server's QoS 1 messages that are not acknowledged. */
	waitingPubacks = 0;
	/** What the present connection goes over. */
	stream: Stream | undefined = undefined;
	/** A write was refused, and `writable` was not called since. */
	blocked = false;
	/** All of it; `bytes` is its beginning. */
	readonly memory: Uint8Array;
	private controlCount = 0;

	/** @param memory of a session (memory.ts) that sends at most `bytesMax` bytes at once. */
	constructor(memory: Uint8Array, bytesMax: number) {
		this.memory = memory;
		this.bytes = new Uint8Array(memory.buffer, 0, bytesMax);
	}

	/** Begins with a stream, or without one. */
	use(stream: Stream | undefined): void {
		this.stream = stream;
		this.blocked = false;
		this.controlCount = 0;
		this.waitingPubacks = 0;
	}

	/** Whether it is worth making a packet. */
	get ready(): boolean {
		return !this.blocked;
	}

	/** Sends `bytes[0..count)`; false when there is no room now. */
	send(count: number): boolean {
		const { stream } = this;
		if (this.blocked || stream === undefined) return false;
		const taken = stream.write(this.bytes, count);
		this.blocked = !taken;
		return taken;
	}

	/**
	 * Sends a packet of an identifier, now or as soon as there is room. False when too many wait.
	 * @param code reason code, sent unless it is 0; with MQTT 5 only.
	 */
	sendAcknowledgement(first: number, id: number, code = 0): boolean {
		const length = code === 0 ? 2 : 4;
		const { memory, stream } = this;
		if (length === 2 && this.controlCount === 0 && !this.blocked && stream !== undefined) {
			// At once, from where it is made, as nearly always.
			memory[0] = first;
			memory[1] = 2;
			memory[2] = id >> 8;
			memory[3] = id & 0xff;
			if (stream.write(this.bytes, 4)) return true;
			this.blocked = true;
		}
		const at = this.reserve(2 + length);
		if (at < 0) return false;
		memory[at] = first;
		memory[at + 1] = length;
		memory[at + 2] = id >> 8;
		memory[at + 3] = id & 0xff;
		if (code !== 0) {
			memory[at + 4] = code;
			memory[at + 5] = 0; // no properties
		}
		if (first === PUBACK << 4) this.waitingPubacks++;
		this.flush();
		return true;
	}

	/** Sends a packet without a body, now or as soon as there is room. False when too many wait. */
	sendEmpty(first: number): boolean {
		const at = this.reserve(2);
		if (at < 0) return false;
		this.memory[at] = first;
		this.memory[at + 1] = 0;
		this.flush();
		return true;
	}

	/** The stream has room again. */
	writable(): void {
		this.blocked = false;
		this.flush();
	}

	/** Where the next `count` bytes go that may have to wait, or -1 when too many do. */
	private reserve(count: number): number {
		const waiting = this.controlCount;
		// They are to leave in one write, from where packets do.
		if (waiting + count > Math.min(CONTROL_BYTES, this.bytes.length)) return -1;
		this.controlCount = waiting + count;
		return controlAt(this.bytes.length) + waiting;
	}

	/** No packet is being made meanwhile: it is sent as soon as it is. */
	private flush(): void {
		const count = this.controlCount;
		const { bytes, stream } = this;
		if (count === 0 || this.blocked || stream === undefined) return;
		const from = controlAt(bytes.length);
		this.memory.copyWithin(0, from, from + count);
		this.blocked = !stream.write(bytes, count);
		if (this.blocked) return;
		this.controlCount = 0;
		this.waitingPubacks = 0;
	}
}
