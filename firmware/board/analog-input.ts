import Analog from "embedded:io/analog";
import type { AnalogInput, AnalogInputOptions } from "../ports/pins.js";
import { hardwareError } from "./words.js";

/** Opens a pin of the converter. Throws when the pin is in use or has no converter. */
export function openAnalogInput({ pin }: AnalogInputOptions): AnalogInput {
	try {
		return new AnalogPin(pin);
	} catch (error) {
		throw hardwareError(`pin ${pin} as analog input`, error);
	}
}

class AnalogPin implements AnalogInput {
	readonly analog: Analog;
	readonly fullScale: number;

	constructor(pin: number) {
		this.analog = new Analog({ pin });
		this.fullScale = (1 << this.analog.resolution) - 1;
	}

	read(): number {
		const value = this.analog.read();
		if (value === undefined) throw new Error("the converter gave no value");
		return value / this.fullScale;
	}

	close(): void {
		this.analog.close();
	}
}
