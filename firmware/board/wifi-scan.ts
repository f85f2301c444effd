import type WiFi from "embedded:network/interface/wifi";
import type { Found } from "embedded:network/interface/wifi";
import { enter } from "./entry.js";

/** Is told what a scan found. */
export interface ScanHandler {
	/** Whether the network is in reach; undefined when the radio could not look. */
	onScanned(ssid: string, inReach: boolean | undefined): void;
}

/** A radio that may be scanning. */
export interface Scanning {
	readonly scan: WifiScan;
}

/** Looks for one Wi-Fi network by its name. The SDK does not say why a network could not be joined; this tells half of it. */
export class WifiScan {
	private ssid = "";
	private found = false;
	private handler: ScanHandler | undefined;

	/** Begins to look, in place of any look before; false when the radio cannot now. */
	begin(wifi: WiFi<Scanning>, ssid: string, handler: ScanHandler): boolean {
		if (this.handler) return false;
		this.ssid = ssid;
		this.found = false;
		try {
			wifi.scan({ onFound, onComplete });
		} catch {
			return false;
		}
		this.handler = handler;
		return true;
	}

	/** Nobody wants to know any more. */
	forget(): void {
		this.handler = undefined;
	}

	/** One network is in reach. */
	saw(ssid: string): void {
		if (ssid === this.ssid) this.found = true;
	}

	/** The scan is over. */
	complete(): void {
		const { handler } = this;
		this.handler = undefined;
		handler?.onScanned(this.ssid, this.found);
	}
}

function onFound(this: WiFi<Scanning>, { SSID }: Found): void {
	enter("Wi-Fi", this.target.scan, this.target.scan.saw, SSID, undefined);
}

function onComplete(this: WiFi<Scanning>): void {
	enter("Wi-Fi", this.target.scan, this.target.scan.complete, undefined, undefined);
}
