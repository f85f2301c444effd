import { decode, encode } from "../../firmware/mqtt/codec.js";
import type { Packet, PacketOut } from "../../firmware/mqtt/packet.js";
import { readVarint, varintSize } from "../../firmware/mqtt/varint.js";
import type { BrokerConnection } from "./broker.js";

/** One client's connection as packets in and out. */
export class BrokerWire {
	version: 4 | 5 = 4;
	private readonly connection: BrokerConnection;
	private readonly bytesMax: number;
	private bytes = new Uint8Array(0);

	/** @param bytesMax the largest packet taken. */
	constructor(connection: BrokerConnection, bytesMax: number) {
		this.connection = connection;
		this.bytesMax = bytesMax;
	}

	push(bytes: Uint8Array, count: number): void {
		const all = new Uint8Array(this.bytes.length + count);
		all.set(this.bytes);
		all.set(bytes.subarray(0, count), this.bytes.length);
		this.bytes = all;
	}

	/** The next packet, what is wrong with it, or undefined while there is none. */
	take(): Packet | string | undefined {
		const { bytes } = this;
		if (bytes.length < 2) return undefined;
		const length = readVarint(bytes, 1, bytes.length);
		if (length === -1) return undefined;
		const end = 1 + varintSize(length) + length;
		if (length < 0 || end > this.bytesMax) return "sends a packet that is too large";
		if (end > bytes.length) return undefined;
		this.bytes = bytes.slice(end);
		return decode(bytes, 0, end, this.version) ?? "sends a packet that cannot be read";
	}

	send(packet: PacketOut): void {
		const bytes = new Uint8Array(1_024 + 4 * (packet.topic?.length ?? 0) + (packet.payload?.length ?? 0));
		const count = encode(packet, bytes, this.version);
		if (count < 0) throw new Error(`the broker cannot encode ${packet.cmd}`);
		this.connection.send(bytes.subarray(0, count));
	}

	/** Sends bytes as they are, however wrong. */
	sendRaw(bytes: Uint8Array): void {
		this.connection.send(bytes);
	}

	close(): void {
		this.connection.close();
	}
}
