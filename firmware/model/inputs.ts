import type { Hardware } from "../ports/board.js";
import type { DigitalInput, EdgeHandler } from "../ports/pins.js";
import type { PinUse } from "./pins.js";

/** A two-state input, open: `active()` is what the input means, not the level of the pin. */
export interface BinaryInput {
	active(): boolean;
	close(): void;
}

/** A two-state input behind one pin. */
export class ContactInput implements BinaryInput {
	private readonly pin: DigitalInput;
	private readonly activeLow: boolean;

	constructor(pin: DigitalInput, activeLow: boolean) {
		this.pin = pin;
		this.activeLow = activeLow;
	}

	active(): boolean {
		return (this.pin.read() === 0) === this.activeLow;
	}

	close(): void {
		this.pin.close();
	}
}

export interface BinarySensorDefinition {
	readonly kind: "binary_sensor";
	readonly model: string;
	readonly pins: readonly PinUse[];
	readonly deviceClass?: string;
	/** A change must last this long to count, milliseconds. */
	readonly debounceMs: number;
	open(hardware: Hardware, handler: EdgeHandler): BinaryInput;
}

/** A push button: pressed by hand, or by `PRESS` or `HOLD` over MQTT, which does the same. */
export interface ButtonDefinition {
	readonly kind: "button";
	readonly model: string;
	readonly pins: readonly PinUse[];
	readonly debounceMs: number;
	/** Held this long it is a `hold`, and no `press`, milliseconds. */
	readonly holdMs: number;
	/** Absent for a button that exists over MQTT only. */
	readonly open?: (hardware: Hardware, handler: EdgeHandler) => BinaryInput;
}

/** A button without a pin, pressed over MQTT only. */
export function button(): ButtonDefinition {
	return { kind: "button", model: "button", pins: [], debounceMs: 0, holdMs: 0 };
}
