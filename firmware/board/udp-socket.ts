import UDP, { type Datagram } from "embedded:io/socket/udp";
import type { Udp, UdpHandler } from "../ports/network.js";
import { enter } from "./entry.js";

/** Opens a socket on a free port. Throws when there is none, or no network. */
export function openUdp(handler: UdpHandler): Udp {
	return new UDP({ target: handler, onReadable });
}

function onReadable(this: UDP<UdpHandler>): void {
	for (;;) {
		const datagram = take(this);
		if (!datagram) return;
		enter("datagram", this.target, deliver, datagram, undefined);
	}
}

/** The next datagram; none when the handler has closed the socket, of which the SDK throws. */
function take(socket: UDP<UdpHandler>): Datagram | undefined {
	try {
		return socket.read();
	} catch {
		return undefined;
	}
}

function deliver(this: UdpHandler, datagram: Datagram): void {
	this.onDatagram(new Uint8Array(datagram), datagram.byteLength, datagram.address, datagram.port);
}
