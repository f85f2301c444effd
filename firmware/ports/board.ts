import type { I2cDevice, I2cOptions, SerialHandler, SerialOptions, SerialPort } from "./buses.js";
import type { Alarm, AlarmHandler, Clock } from "./clock.js";
import type { Crypto } from "./crypto.js";
import type { Entry } from "./guard.js";
import type { Network } from "./network.js";
import type {
	AnalogInput,
	AnalogInputOptions,
	DigitalInput,
	DigitalInputOptions,
	DigitalOutput,
	DigitalOutputOptions,
	EdgeHandler,
	Pwm,
	PwmOptions,
} from "./pins.js";
import type { Segments } from "./segments.js";
import type { FirmwareSlots } from "./slots.js";
import type { Store } from "./store.js";
import type { Text } from "./text.js";

export type ResetReason = "power" | "restart" | "crash" | "watchdog" | "brownout" | "sleep" | "unknown";

/** Pins and buses. Opening a pin that is in use throws. Whatever is opened must be closed. */
export interface Hardware {
	digitalOutput(options: DigitalOutputOptions): DigitalOutput;
	digitalInput(options: DigitalInputOptions, handler: EdgeHandler): DigitalInput;
	analogInput(options: AnalogInputOptions): AnalogInput;
	pwm(options: PwmOptions): Pwm;
	i2c(options: I2cOptions): I2cDevice;
	serial(options: SerialOptions, handler: SerialHandler): SerialPort;
}

/** Everything the firmware needs from the world it runs in. */
export interface Board {
	/** What this is, for people: `esp32`, `esp32c3`, `simulator`, `pc`, `virtual`. */
	readonly target: string;
	/** 12 lower-case hexadecimal digits that no other board has: the MAC address. */
	readonly uniqueId: string;
	readonly resetReason: ResetReason;
	readonly text: Text;
	readonly crypto: Crypto;
	readonly clock: Clock;
	readonly hardware: Hardware;
	readonly network: Network;
	readonly store: Store;
	/** Flash for what waits to be sent; undefined on a board that has none for it. */
	readonly segments: Segments | undefined;
	/** Where other firmware can be put, on a board that has the place, in a firmware that is to be renewed. */
	readonly slots?: FirmwareSlots | undefined;
	/** Names the one place through which every callback of this board passes. Called once, before anything else. */
	attach(entry: Entry): void;
	alarm(handler: AlarmHandler): Alarm;
	/** Fills `into` with random bytes. */
	random(into: Uint8Array): void;
	/** Free memory in bytes, where the platform tells. */
	freeBytes(): number | undefined;
	/** One line for whoever watches the board's console. */
	log(line: string): void;
	restart(): void;
}
