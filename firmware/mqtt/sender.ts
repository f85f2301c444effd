import type { Stream } from "../ports/network.js";
import { PUBACK } from "./packet.js";

/** Acknowledgements that wait for room, at most 6 bytes each, and a PINGREQ. */
const CONTROL_BYTES = 6 * 40 + 2;

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
	private stream: Stream | undefined = undefined;
	/** A write was refused, and `writable` was not called since. */
	blocked = false;
	private readonly control: Uint8Array;
	private controlCount = 0;

	constructor(bytesMax: number) {
		// In one block: each of its own costs three slots of memory more.
		const block = new ArrayBuffer(bytesMax + CONTROL_BYTES);
		this.bytes = new Uint8Array(block, 0, bytesMax);
		this.control = new Uint8Array(block, bytesMax);
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
		const at = this.controlCount;
		const length = code === 0 ? 2 : 4;
		if (at + 2 + length > CONTROL_BYTES) return false;
		this.control[at] = first;
		this.control[at + 1] = length;
		this.control[at + 2] = id >> 8;
		this.control[at + 3] = id & 0xff;
		if (code !== 0) {
			this.control[at + 4] = code;
			this.control[at + 5] = 0; // no properties
		}
		this.controlCount = at + 2 + length;
		if (first === PUBACK << 4) this.waitingPubacks++;
		this.flush();
		return true;
	}

	/** Sends a packet without a body, now or as soon as there is room. False when too many wait. */
	sendEmpty(first: number): boolean {
		const at = this.controlCount;
		if (at + 2 > CONTROL_BYTES) return false;
		this.control[at] = first;
		this.control[at + 1] = 0;
		this.controlCount = at + 2;
		this.flush();
		return true;
	}

	/** The stream has room again. */
	writable(): void {
		this.blocked = false;
		this.flush();
	}

	private flush(): void {
		if (this.controlCount === 0 || this.blocked || !this.write(this.control, this.controlCount)) return;
		this.controlCount = 0;
		this.waitingPubacks = 0;
	}

	private write(bytes: Uint8Array, count: number): boolean {
		if (this.stream === undefined) return false;
		this.blocked = !this.stream.write(bytes, count);
		return !this.blocked;
	}
}
