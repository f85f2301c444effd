import WiFi from "embedded:network/interface/wifi";
import Timer from "timer";
import type { LookHandler, NetworkHandler, NetworkState } from "../ports/network.js";
import { enter } from "./entry.js";
import { NO_SETTINGS, type WifiSettings } from "./settings.js";
import { SocketNetwork } from "./socket-network.js";
import { type ScanHandler, WifiScan } from "./wifi-scan.js";
import { messageOf } from "./words.js";

const ASSOCIATED = 400;
const ADDRESSED = 500;
const CONNECTING = 300;
// Longer than an access point takes when it answers at all.
const ASSOCIATE_MS = 15_000;
const SCAN_MS = 10_000;
const LONGEST_MS = 0x7fff_ffff;

/**
 * Wi-Fi. The SDK neither reconnects by itself nor says why it could not; when to try again is the firmware's business, and
 * a scan after a failure tells a network that is not there from one that did not let this device in.
 */
export class WifiNetwork extends SocketNetwork implements ScanHandler {
	state: NetworkState = "off";
	reason: string | undefined = "Wi-Fi is not started";
	/** The radio's address, 12 lower-case hexadecimal digits. */
	readonly uniqueId: string;
	choices: readonly string[];
	readonly scan = new WifiScan();
	private networks: readonly WifiSettings[];
	private readonly wifi: WiFi<WifiNetwork>;
	private readonly timer: Timer;
	private handler: NetworkHandler | undefined;
	private ssid = "";
	/** The join failed, and a scan is to tell why. */
	private diagnosing = false;
	private looker: LookHandler | undefined;

	/** @param networks the preferred first; without one it cannot be started, and says what helps */
	constructor(networks: readonly WifiSettings[]) {
		super();
		this.networks = networks;
		this.choices = networks.map(({ ssid }) => ssid);
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

	joinOnly(ssid: string, password: string | undefined): void {
		this.networks = [password === undefined ? { ssid } : { ssid, password }];
		this.choices = [ssid];
	}

	override start(handler: NetworkHandler): void {
		if (this.networks.length === 0) throw new Error(NO_SETTINGS);
		this.handler = handler;
		this.join(0);
	}

	override join(choice: number): void {
		const { ssid, password } = this.networks[choice] as WifiSettings;
		this.leave();
		this.ssid = ssid;
		this.arm(ASSOCIATE_MS);
		this.become("joining", `looking for the Wi-Fi network ${ssid}`);
		try {
			this.wifi.connect({ SSID: ssid, password });
		} catch (error) {
			this.lose(`Wi-Fi: ${messageOf(error)}`);
		}
	}

	override look(choice: number, handler: LookHandler): void {
		this.looker = handler;
		if (!this.scan.begin(this.wifi, this.choices[choice] ?? "", this)) throw new Error("the radio cannot look now");
	}

	/** The radio's connection changed. */
	changed(): void {
		const { connection } = this.wifi;
		if (!this.handler || this.state === "off" || this.diagnosing) return;
		if (connection >= ADDRESSED) {
			Timer.schedule(this.timer);
			this.become("up", undefined);
		} else if (connection >= ASSOCIATED) {
			Timer.schedule(this.timer);
			this.become("addressing", `joined ${this.ssid}, waiting for an address`);
		} else if (this.state === "up") {
			this.lose(`lost the Wi-Fi network ${this.ssid}`);
		} else if (this.state === "addressing") {
			this.lose(`${this.ssid} let this device go before it had an address`);
		} else if (connection < CONNECTING) {
			this.diagnose();
		}
	}

	/** The time given for joining, or for finding out why that failed, is over. */
	elapsed(): void {
		if (this.diagnosing) this.onScanned(this.ssid, undefined);
		else if (this.state === "joining") this.diagnose();
	}

	onScanned(ssid: string, inReach: boolean | undefined): void {
		if (this.diagnosing) {
			this.lose(joinWords(ssid, inReach));
			return;
		}
		const { looker } = this;
		this.looker = undefined;
		looker?.onLooked(this.choices.indexOf(ssid), inReach === true);
	}

	private diagnose(): void {
		this.disconnect();
		this.diagnosing = true;
		this.scan.forget();
		this.arm(SCAN_MS);
		if (!this.scan.begin(this.wifi, this.ssid, this)) this.lose(joinWords(this.ssid, undefined));
	}

	private lose(reason: string): void {
		this.leave();
		this.become("off", reason);
	}

	/** Whatever was under way is over. The state changes first: disconnecting may report a change by itself. */
	private leave(): void {
		Timer.schedule(this.timer);
		this.diagnosing = false;
		this.looker = undefined;
		this.scan.forget();
		this.state = "off";
		this.disconnect();
	}

	private disconnect(): void {
		try {
			this.wifi.disconnect();
		} catch {
			// Nothing was connected.
		}
	}

	private arm(ms: number): void {
		Timer.schedule(this.timer, ms, ms);
	}

	private become(state: NetworkState, reason: string | undefined): void {
		this.state = state;
		this.reason = reason;
		this.handler?.onNetwork();
	}
}

function joinWords(ssid: string, inReach: boolean | undefined): string {
	if (inReach === undefined) return `no Wi-Fi network ${ssid} in reach, or it refused the password`;
	return inReach
		? `the Wi-Fi network ${ssid} is in reach and did not let this device in: is the password right?`
		: `no Wi-Fi network ${ssid} in reach`;
}

function onChanged(this: WiFi<WifiNetwork>): void {
	// An event may be under way before the constructor that takes it has returned.
	if (this.target) enter("Wi-Fi", this.target, this.target.changed, undefined, undefined);
}

function onTimer(timer: Timer): void {
	const network = timer.owner as WifiNetwork;
	enter("Wi-Fi", network, network.elapsed, undefined, undefined);
}
