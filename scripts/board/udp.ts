import { createSocket, type Socket } from "node:dgram";
import type { Udp, UdpHandler } from "../../firmware/ports/network.js";
import type { PcCalls } from "./calls.js";

/** A UDP socket on any free port. */
export class PcUdp implements Udp {
	readonly #socket: Socket;
	readonly #isUp: () => boolean;
	#closed = false;

	constructor(handler: UdpHandler, calls: PcCalls, isUp: () => boolean) {
		this.#isUp = isUp;
		this.#socket = createSocket("udp4");
		this.#socket.on("message", (bytes, from) => {
			if (this.#closed || !isUp()) return;
			calls.run("datagram", () => handler.onDatagram(bytes, bytes.length, from.address, from.port));
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
