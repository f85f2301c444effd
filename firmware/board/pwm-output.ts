import PWM from "embedded:io/pwm";
import type { Pwm, PwmOptions } from "../ports/pins.js";
import { hardwareError } from "./words.js";

// The SDK looks up the lowest frequency by resolution in a table of these, and does not check the index.
const LEAST_BITS = 8;
const MOST_BITS = 14;

/** Opens a pin for pulse width modulation, at duty 0. Throws when the pin is in use or no channel or timer is left. */
export function openPwm(options: PwmOptions): Pwm {
	try {
		return new PwmPin(options);
	} catch (error) {
		throw hardwareError(`pin ${options.pin} as PWM output`, error);
	}
}

class PwmPin implements Pwm {
	readonly pwm: PWM;
	readonly fullScale: number;

	constructor({ pin, hz, resolutionBits }: PwmOptions) {
		if (!(resolutionBits >= LEAST_BITS && resolutionBits <= MOST_BITS)) {
			throw new RangeError(`a resolution of ${resolutionBits} bits is not between ${LEAST_BITS} and ${MOST_BITS}`);
		}
		this.pwm = new PWM({ pin, hz, resolution: resolutionBits });
		this.fullScale = (1 << resolutionBits) - 1;
	}

	write(duty: number): void {
		this.pwm.write(Math.round(Math.min(Math.max(duty, 0), 1) * this.fullScale));
	}

	close(): void {
		this.pwm.close();
	}
}
