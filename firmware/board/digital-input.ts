import Digital from "embedded:io/digital";
import type { DigitalInput, DigitalInputOptions, EdgeHandler } from "../ports/pins.js";
import { enter } from "./entry.js";
import { hardwareError } from "./words.js";

/** Opens a pin as input and tells `handler` of its edges. Throws when the pin is in use or does not exist. */
export function openDigitalInput({ pin, pull }: DigitalInputOptions, handler: EdgeHandler): DigitalInput {
	try {
		return new Digital({
			pin,
			mode: pull === "up" ? Digital.InputPullUp : pull === "down" ? Digital.InputPullDown : Digital.Input,
			edge: Digital.Rising | Digital.Falling,
			target: handler,
			onReadable,
		});
	} catch (error) {
		throw hardwareError(`pin ${pin} as input`, error);
	}
}

function onReadable(this: Digital<EdgeHandler>): void {
	enter("pin", this.target, this.target.onEdge, undefined, undefined);
}
