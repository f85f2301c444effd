import type { NetworkHandler, NetworkState } from "../ports/network.js";
import { enter } from "./entry.js";
import { SocketNetwork } from "./socket-network.js";
import { type Later, soon } from "./soon.js";

/** The network of the PC that a simulator runs on: up, as far as anybody can tell. */
export class DesktopNetwork extends SocketNetwork implements Later {
	state: NetworkState = "off";
	private handler: NetworkHandler | undefined;

	get reason(): undefined {
		return undefined;
	}

	get signalDbm(): undefined {
		return undefined;
	}

	override start(handler: NetworkHandler): void {
		this.handler = handler;
		soon(this);
	}

	happen(): void {
		this.state = "up";
		if (this.handler) enter("network", this.handler, this.handler.onNetwork, undefined, undefined);
	}
}
