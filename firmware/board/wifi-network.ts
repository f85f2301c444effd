import WiFi from "embedded:network/interface/wifi";
import Timer from "timer";
import type { NetworkHandler, NetworkState } from "../ports/network.js";
import { enter } from "./entry.js";
import type { WifiSettings } from "./settings.js";
import { SocketNetwork } from "./socket-network.js";
import { messageOf } from "./words.js";

const ASSOCIATED = 400;
const ADDRESSED = 500;
// Longer than an access point and its DHCP server take, together, when they answer at all.
const JOIN_TIMEOUT_MS = 20_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
const LONGEST_MS = 0x7fff_ffff;

/**
 * Wi-Fi that joins its network and, whatever happens, joins it again for as long as the board runs. The SDK does not
 * reconnect by itself, and does not say why it could not.
 */
export class WifiNetwork extends SocketNetwork {
	state: NetworkState = "off";
	reason: string | undefined = "Wi-Fi is not started";
	/** The radio's address, 12 lower-case hexadecimal digits. */
	readonly uniqueId: string;
	private readonly settings: WifiSettings;
	private readonly wifi: WiFi<WifiNetwork>;
	private readonly timer: Timer;
	private handler: NetworkHandler | undefined;
	private retryMs = FIRST_RETRY_MS;

	constructor(settings: WifiSettings) {
		super();
		this.settings = settings;
		this.wifi = new WiFi<WifiNetwork>({ onChanged });
		this.wifi.target = this;
		this.uniqueId = this.wifi.MAC.replaceAll(":", "").toLowerCase();
		this.timer = Timer.set(onTimer, LONGEST_MS, LONGEST_MS);
		this.timer.owner = this;
		Timer.schedule(this.timer);
	}

	get signalDbm(): number | undefined {
		return this.state === "up" ? this.wifi.RSSI : undefined;
	}

	override start(handler: NetworkHandler): void {
		this.handler = handler;
		this.join();
	}

	/** The radio's connection changed. */
	changed(): void {
		if (!this.handler) return;
		const { connection } = this.wifi;
		if (connection >= ADDRESSED) {
			Timer.schedule(this.timer);
			this.retryMs = FIRST_RETRY_MS;
			this.become("up", undefined);
		} else if (connection >= ASSOCIATED) {
			this.become("addressing", `joined ${this.settings.ssid}, waiting for an address`);
		} else if (this.state === "up") {
			this.lose(`lost the Wi-Fi network ${this.settings.ssid}`);
		} else if (this.state !== "off" && connection < 300) {
			// The platform does not tell these two apart.
			this.lose(`no Wi-Fi network ${this.settings.ssid} in reach, or it refused the password`);
		}
	}

	/** The time given for joining, or the pause before the next attempt, is over. */
	elapsed(): void {
		if (this.state === "off") this.join();
		else if (this.state === "addressing") this.lose(`${this.settings.ssid} gave no address`);
		else this.lose(`no Wi-Fi network ${this.settings.ssid} in reach, or it refused the password`);
	}

	private join(): void {
		Timer.schedule(this.timer, JOIN_TIMEOUT_MS, JOIN_TIMEOUT_MS);
		this.become("joining", `looking for the Wi-Fi network ${this.settings.ssid}`);
		try {
			this.wifi.connect({ SSID: this.settings.ssid, password: this.settings.password });
		} catch (error) {
			this.lose(`Wi-Fi: ${messageOf(error)}`);
		}
	}

	private lose(reason: string): void {
		// Full jitter, so that a house of devices does not come back in step after a power cut.
		const pauseMs = Math.ceil(FIRST_RETRY_MS + Math.random() * (this.retryMs - FIRST_RETRY_MS));
		this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
		Timer.schedule(this.timer, pauseMs, pauseMs);
		// Before disconnecting, which may report a change by itself.
		this.become("off", reason);
		try {
			this.wifi.disconnect();
		} catch {
			// Nothing was connected; the next attempt is due anyway.
		}
	}

	private become(state: NetworkState, reason: string | undefined): void {
		this.state = state;
		this.reason = reason;
		this.handler?.onNetwork();
	}
}

function onChanged(this: WiFi<WifiNetwork>): void {
	// An event may be under way before the constructor that takes it has returned.
	if (this.target) enter("Wi-Fi", this.target, this.target.changed, undefined, undefined);
}

function onTimer(timer: Timer): void {
	const network = timer.owner as WifiNetwork;
	enter("Wi-Fi", network, network.elapsed, undefined, undefined);
}
