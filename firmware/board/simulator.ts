import type { Board, Hardware, ResetReason } from "../ports/board.js";
import type { AlarmHandler } from "../ports/clock.js";
import type { Crypto } from "../ports/crypto.js";
import type { Entry } from "../ports/guard.js";
import type { Segments } from "../ports/segments.js";
import type { Store } from "../ports/store.js";
import type { Text } from "../ports/text.js";
import { PlatformAlarm } from "./alarm.js";
import { PlatformClock } from "./clock.js";
import { sdkCrypto } from "./crypto.js";
import { DesktopNetwork } from "./desktop-network.js";
import { attach } from "./entry.js";
import { FileSegments } from "./file-segments.js";
import { FileStore } from "./file-store.js";
import { fillRandomWeakly } from "./random.js";
import { builtConfig, type DeviceSettings, loadSettings, storedSettings } from "./settings.js";
import { nativeText } from "./text.js";
import { UnsetNetwork } from "./unset-network.js";

const ID = "id";
const STORE = Object.freeze(new FileStore(builtConfig().storage ?? ""));
// As large as on a chip: manifests/common/partitions.csv.
const SEGMENTS = Object.freeze(new FileSegments(`${builtConfig().storage ?? ""}outbox.flash`, 64));
const SETTINGS = Object.freeze(new FileSegments(`${builtConfig().storage ?? ""}settings.flash`, 4));

/** Starts a device on a simulator: with the settings that were put onto it, or else those of the build. */
export function startSimulator<D>(
	run: (board: SimulatorBoard, device: D, settings: DeviceSettings) => unknown,
	device: D,
	hardware: Hardware,
): void {
	const stored = storedSettings(() => SETTINGS);
	const isSet = (stored ?? builtConfig()).broker !== undefined;
	run(new SimulatorBoard(hardware, isSet ? new DesktopNetwork() : new UnsetNetwork()), device, loadSettings(stored));
}

/** The SDK's desktop simulators: real time, sockets and files, and whatever hardware it is given. */
export class SimulatorBoard implements Board {
	readonly clock = new PlatformClock();
	readonly network: DesktopNetwork;
	readonly hardware: Hardware;
	readonly uniqueId: string;

	constructor(hardware: Hardware, network = new DesktopNetwork()) {
		this.network = network;
		this.hardware = hardware;
		this.uniqueId = this.store.get(ID) ?? this.makeId();
	}

	// What never changes is no field: a getter is part of the class, which is in flash.

	get target(): string {
		return "simulator";
	}

	get resetReason(): ResetReason {
		return "power";
	}

	get text(): Text {
		return nativeText;
	}

	get crypto(): Crypto {
		return sdkCrypto;
	}

	get store(): Store {
		return STORE;
	}

	get segments(): Segments {
		return SEGMENTS;
	}

	attach(entry: Entry): void {
		attach(entry);
	}

	alarm(handler: AlarmHandler): PlatformAlarm {
		return new PlatformAlarm(handler);
	}

	random(into: Uint8Array): void {
		fillRandomWeakly(into);
	}

	freeBytes(): number | undefined {
		return undefined;
	}

	log(line: string): void {
		trace(line, "\n");
	}

	restart(): void {
		this.log("A simulator cannot restart itself: start it again.");
	}

	/** Not every simulator tells the MAC address: a locally administered one (IEEE 802 §8.2) from the time it was first run. */
	private makeId(): string {
		const id = `02${Date.now().toString(16).slice(-10)}`;
		this.store.set(ID, id);
		return id;
	}
}
