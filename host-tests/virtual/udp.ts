import type { Udp } from "../../firmware/ports/network.js";
import { isAddress, type VirtualInternet } from "./internet.js";
import type { VirtualNetwork } from "./network.js";

/** One UDP port of a board. */
export class VirtualUdp implements Udp {
	onClose: () => void = () => undefined;
	private readonly network: VirtualNetwork;
	private readonly internet: VirtualInternet;
	private readonly hear: (bytes: Uint8Array, address: string, port: number) => void;
	private closed = false;

	constructor(
		network: VirtualNetwork,
		internet: VirtualInternet,
		hear: (bytes: Uint8Array, address: string, port: number) => void,
	) {
		this.network = network;
		this.internet = internet;
		this.hear = hear;
	}

	write(bytes: Uint8Array, address: string, port: number): void {
		if (this.closed) throw new Error("the UDP port was closed");
		if (this.network.state !== "up") throw new Error("there is no network");
		if (!isAddress(address)) throw new Error(`"${address}" is no IPv4 address`);
		const { world } = this.internet;
		const sent = bytes.slice();
		if (this.network.loses()) return;
		world.after(this.network.latencyMs, () =>
			this.internet.answer(address, port)?.(sent, (reply) => {
				const answer = reply.slice();
				if (this.network.loses()) return;
				world.after(this.network.latencyMs, () => this.hear(answer, address, port));
			}),
		);
	}

	close(): void {
		this.closed = true;
		this.onClose();
	}
}
