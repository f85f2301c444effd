import { DesktopNetwork } from "./desktop-network.js";
import { NO_SETTINGS } from "./settings.js";

/** The network of a simulator that does not know where to go: it stays down, and says what helps. */
export class UnsetNetwork extends DesktopNetwork {
	override start(): void {
		throw new Error(NO_SETTINGS);
	}
}
