import type { LightDefinition, LightOutput } from "../model/actuators.js";
import type { Pwm } from "../ports/pins.js";

const TIMER_HZ = 80_000_000; // APB_CLK, which the PWM divides: ESP32 technical reference manual, LED PWM controller
const BITS_MIN = 8; // what every supported chip can do, see `PwmOptions`
const BITS_MAX = 14;

export interface PwmLedOptions {
	readonly pin: number;
	/** 1000 unless set: above what eyes and cameras notice, with fine steps left for the dark end. */
	readonly hz?: number;
	/** How brightness becomes current. "gamma" unless set: even steps to the eye; "linear" for what has no eye. */
	readonly curve?: "gamma" | "linear";
	/** 2.2 unless set. */
	readonly gamma?: number;
	/** The LED is lit while the pin is low. False unless set. */
	readonly activeLow?: boolean;
}

/** An LED, or a strip behind a MOSFET, dimmed by pulse width. Dark at first. */
export function pwmLed(options: PwmLedOptions): LightDefinition {
	const { pin, hz = 1_000, curve = "gamma", gamma = 2.2, activeLow = false } = options;
	const exponent = curve === "gamma" ? gamma : 1;
	return {
		kind: "light",
		model: "PWM LED",
		pins: [{ pin, as: "output" }],
		open(hardware) {
			const resolutionBits = bitsFor(hz);
			const pwm = hardware.pwm({ pin, hz, resolutionBits });
			return new PwmLedOutput(pwm, exponent, activeLow, 1 / (2 ** resolutionBits - 1));
		},
	};
}

/** The finest steps that the timer can make at this frequency. */
function bitsFor(hz: number): number {
	let bits = BITS_MAX;
	while (bits > BITS_MIN && hz * 2 ** bits > TIMER_HZ) bits--;
	return bits;
}

class PwmLedOutput implements LightOutput {
	private readonly pwm: Pwm;
	private readonly exponent: number;
	private readonly activeLow: boolean;
	private readonly dutyMin: number;

	constructor(pwm: Pwm, exponent: number, activeLow: boolean, dutyMin: number) {
		this.pwm = pwm;
		this.exponent = exponent;
		this.activeLow = activeLow;
		this.dutyMin = dutyMin;
		this.write(0);
	}

	write(brightness: number): void {
		// The lowest brightness must not round to darkness: a light that says ON has to be seen.
		const lit = brightness <= 0 ? 0 : Math.min(1, Math.max(this.dutyMin, brightness ** this.exponent));
		this.pwm.write(this.activeLow ? 1 - lit : lit);
	}

	close(): void {
		this.write(0);
		this.pwm.close();
	}
}
