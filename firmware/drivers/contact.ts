import { type BinarySensorDefinition, ContactInput } from "../model/inputs.js";
import type { Pull } from "../ports/pins.js";

/** Device classes of Home Assistant whose ON means open, so that a closed contact is OFF. */
const OPENINGS: readonly string[] = ["door", "garage_door", "opening", "window"];

export interface ContactOptions {
	readonly pin: number;
	/** "up" unless set: the contact connects the pin to ground, and needs no resistor. */
	readonly pull?: Pull;
	/** The pin is low while the state is ON; see `contact` for what it is unless set. */
	readonly activeLow?: boolean;
	/** A change must last this long to count, milliseconds. 30 unless set. */
	readonly debounce?: number;
	/** What it tells about, in Home Assistant's words: "door", "window", "motion", "moisture" ... */
	readonly deviceClass?: string;
}

/**
 * A contact between a pin and ground (or the supply, with `pull: "down"`): a reed switch, a float switch, the output of
 * a motion detector. ON while it is closed; for a door or a window ON while it is open, since that is what everyone
 * who reads "door: ON" takes it for. `activeLow` decides where neither fits.
 */
export function contact(options: ContactOptions): BinarySensorDefinition {
	const { pin, pull = "up", debounce = 30, deviceClass } = options;
	const isOpening = deviceClass !== undefined && OPENINGS.includes(deviceClass);
	const activeLow = options.activeLow ?? (pull !== "down") !== isOpening;
	return {
		kind: "binary_sensor",
		model: "contact",
		pins: [{ pin, as: "input" }],
		debounceMs: debounce,
		...(deviceClass === undefined ? {} : { deviceClass }),
		open: (hardware, handler) => new ContactInput(hardware.digitalInput({ pin, pull }, handler), activeLow),
	};
}
