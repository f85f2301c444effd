import type { LookHandler, NetworkHandler, NetworkState } from "../ports/network.js";
import { enter } from "./entry.js";
import { SocketNetwork } from "./socket-network.js";
import { type Later, soon } from "./soon.js";

const NO_CHOICE: readonly string[] = Object.freeze([]);

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

	get choices(): readonly string[] {
		return NO_CHOICE;
	}

	override join(): void {
		soon(this);
	}

	override look(choice: number, handler: LookHandler): void {
		const later: Later = {
			happen() {
				enter("network", handler, handler.onLooked, choice, false);
			},
		};
		soon(later);
	}

	happen(): void {
		this.state = "up";
		if (this.handler) enter("network", this.handler, this.handler.onNetwork, undefined, undefined);
	}
}
