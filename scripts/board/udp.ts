import { createSocket, type Socket } from "node:dgram";
import type { Udp, UdpHandler } from "../../firmware/ports/network.js";
import type { Calls } from "./calls.js";

/** A UDP socket on any free port. */
export class PcUdp implements Udp {
	readonly #socket: Socket;
	readonly #isUp: () => boolean;
	#closed = false;

	constructor(handler: UdpHandler, calls: Calls, isUp: () => boolean) {
		this.#isUp = isUp;
		this.#socket = createSocket("udp4");
		this.#socket.on("message", (bytes, from) => {
			if (this.#closed || !isUp()) return;
			// `guard` passes two arguments; the sender's address needs four.
			const deliver = (all: Uint8Array, count: number): void => {
				handler.onDatagram(all, count, from.address, from.port);
			};
			calls.call("datagram", undefined, deliver, bytes, bytes.length);
		});
		this.#socket.on("error", () => undefined); // datagrams may get lost; whoever waits for one has a deadline
	}

	write(bytes: Uint8Array, address: string, port: number): void {
		if (!this.#isUp()) throw new Error("there is no network");
		this.#socket.send(bytes.slice(), port, address, () => undefined);
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#socket.close();
	}
}
