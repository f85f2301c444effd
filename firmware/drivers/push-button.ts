import { type ButtonDefinition, ContactInput } from "../model/inputs.js";
import type { Pull } from "../ports/pins.js";

export interface PushButtonOptions {
	readonly pin: number;
	/** "up" unless set: the button connects the pin to ground, and needs no resistor. */
	readonly pull?: Pull;
	/** The pin is low while the button is pressed. So unless `pull` is "down". */
	readonly activeLow?: boolean;
	/** A change must last this long to count, milliseconds. 30 unless set. */
	readonly debounce?: number;
	/** Held this long it is a hold, milliseconds. 1 second unless set. */
	readonly hold?: number;
}

/** A push button between a pin and ground (or the supply, with `pull: "down"`). */
export function pushButton(options: PushButtonOptions): ButtonDefinition {
	const { pin, pull = "up", activeLow = pull !== "down", debounce = 30, hold = 1_000 } = options;
	return {
		kind: "button",
		model: "push button",
		pins: [{ pin, as: "input" }],
		debounceMs: debounce,
		holdMs: hold,
		open: (hardware, handler) => new ContactInput(hardware.digitalInput({ pin, pull }, handler), activeLow),
	};
}
