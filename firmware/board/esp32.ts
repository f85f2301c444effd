import FFI from "mc/ffi";
import type { Board, Hardware, ResetReason } from "../ports/board.js";
import type { AlarmHandler } from "../ports/clock.js";
import type { Crypto } from "../ports/crypto.js";
import type { Entry } from "../ports/guard.js";
import type { Segments } from "../ports/segments.js";
import type { FirmwareSlots } from "../ports/slots.js";
import type { Text } from "../ports/text.js";
import { PlatformAlarm } from "./alarm.js";
import { chipSlots } from "./chip-slots.js";
import { PlatformClock } from "./clock.js";
import { sdkCrypto } from "./crypto.js";
import { attach } from "./entry.js";
import { FlashSegments } from "./flash-segments.js";
import { chipHardware } from "./hardware.js";
import { NvsStore } from "./nvs-store.js";
import { fillRandom } from "./random.js";
import { builtConfig, type DeviceSettings, loadSettings, storedSettings, type WifiSettings } from "./settings.js";
import { nativeText } from "./text.js";
import { WifiNetwork } from "./wifi-network.js";

// esp_reset_reason_t of ESP-IDF 6.0, from ESP_RST_UNKNOWN on. 3, by software, is told apart below.
const REASONS: readonly ResetReason[] = Object.freeze<ResetReason[]>([
	"unknown",
	"power",
	"power",
	"restart",
	"crash",
	"watchdog",
	"watchdog",
	"watchdog",
	"sleep",
	"brownout",
	"unknown",
	"restart",
	"restart",
	"unknown",
	"brownout",
	"crash",
]);
/** In the store from the moment a restart is asked for until it has happened. */
const RESTARTING = "restarting";

/** A board that was flashed with another partition table keeps what waits to be sent in memory only. */
function openSegments(): Segments | undefined {
	try {
		return new FlashSegments("outbox");
	} catch {
		trace("There is no partition named outbox: what waits to be sent is lost with the power.\n");
		return undefined;
	}
}

const NO_WIFI: readonly WifiSettings[] = Object.freeze([]);

/** Starts a device on a chip: with the settings that were put onto it over USB, or else those of the build. */
export function startEsp32<D>(
	run: (board: Esp32Board, device: D, settings: DeviceSettings) => unknown,
	device: D,
): void {
	const stored = storedSettings(() => new FlashSegments("settings"));
	const { wifi = NO_WIFI } = stored ?? builtConfig();
	run(new Esp32Board(wifi), device, loadSettings(stored));
}

/** Any ESP32. */
export class Esp32Board implements Board {
	readonly clock = new PlatformClock();
	readonly store = new NvsStore();
	readonly segments = openSegments();
	readonly network: WifiNetwork;
	readonly resetReason: ResetReason;
	private readonly idf = new FFI();

	/** @param wifi the networks that may be joined, the preferred first; none while nobody has said which */
	constructor(wifi: readonly WifiSettings[]) {
		this.network = new WifiNetwork(wifi);
		this.resetReason = this.findResetReason();
	}

	// What never changes is no field: a getter is part of the class, which is in flash.

	get target(): string {
		return builtConfig().target ?? "esp32";
	}

	get slots(): FirmwareSlots | undefined {
		return chipSlots();
	}

	get text(): Text {
		return nativeText;
	}

	get crypto(): Crypto {
		return sdkCrypto;
	}

	get hardware(): Hardware {
		return chipHardware;
	}

	get uniqueId(): string {
		return this.network.uniqueId;
	}

	attach(entry: Entry): void {
		attach(entry);
	}

	alarm(handler: AlarmHandler): PlatformAlarm {
		return new PlatformAlarm(handler);
	}

	random(into: Uint8Array): void {
		fillRandom(into);
	}

	freeBytes(): number {
		return this.idf.esp_get_free_heap_size();
	}

	log(line: string): void {
		trace(line, "\n");
	}

	restart(): void {
		try {
			this.store.set(RESTARTING, "1");
		} catch {
			// It will be taken for a crash, which is better than not restarting.
		}
		System.restart?.();
	}

	/** The engine ends a program that threw by restarting the chip, just as a restart that was asked for. */
	private findResetReason(): ResetReason {
		const reason = REASONS[this.idf.esp_reset_reason()] ?? "unknown";
		if (reason !== "restart") return reason;
		try {
			if (this.store.get(RESTARTING) === undefined) return "crash";
			this.store.delete(RESTARTING);
		} catch {
			// Without storage nobody knows.
		}
		return reason;
	}
}
