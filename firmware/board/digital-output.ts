import Digital from "embedded:io/digital";
import type { DigitalOutput, DigitalOutputOptions } from "../ports/pins.js";
import { hardwareError } from "./words.js";

/** Opens a pin as output; `initial` is the first level it shows. Throws when the pin is in use or cannot be one. */
export function openDigitalOutput({ pin, initial, openDrain }: DigitalOutputOptions): DigitalOutput {
	try {
		return new Digital({
			pin,
			mode: openDrain ? Digital.OutputOpenDrain : Digital.Output,
			initialValue: initial,
		});
	} catch (error) {
		throw hardwareError(`pin ${pin} as output`, error);
	}
}
