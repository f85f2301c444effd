import type { AnalogInput, DigitalInput, DigitalOutput, Level, Pwm } from "../../firmware/ports/pins.js";
import type { VirtualPin } from "./pins.js";

/** A pin as the firmware holds it: usable until it is closed, or the board starts again. */
class OpenPin {
	protected readonly pin: VirtualPin;
	private readonly opened: number;
	private closed = false;

	constructor(pin: VirtualPin) {
		this.pin = pin;
		this.opened = pin.opened;
	}

	close(): void {
		if (this.isOpen()) this.pin.release();
		this.closed = true;
	}

	isOpen(): boolean {
		return !this.closed && this.pin.opened === this.opened && this.pin.use !== "free";
	}

	protected check(): void {
		if (!this.isOpen()) throw new Error(`pin ${this.pin.number} was closed`);
	}
}

export class OpenOutput extends OpenPin implements DigitalOutput {
	constructor(pin: VirtualPin, initial: Level) {
		super(pin);
		pin.put(initial);
	}

	write(level: Level): void {
		this.check();
		if (level !== 0 && level !== 1) throw new Error(`${level} is no level`);
		this.pin.put(level);
	}
}

export class OpenInput extends OpenPin implements DigitalInput {
	private waiting = false;

	/** `interrupt` is asked for once for all edges until it has happened. */
	constructor(pin: VirtualPin, interrupt: (stillOpen: () => boolean) => void) {
		super(pin);
		pin.onDriven = () => {
			if (this.waiting) return;
			this.waiting = true;
			interrupt(() => {
				this.waiting = false;
				return this.isOpen();
			});
		};
	}

	read(): Level {
		this.check();
		return this.pin.level;
	}
}

export class OpenAnalog extends OpenPin implements AnalogInput {
	private static readonly steps = 4_095; // a converter of 12 bits

	read(): number {
		this.check();
		return Math.round(this.pin.fraction * OpenAnalog.steps) / OpenAnalog.steps;
	}
}

export class OpenPwm extends OpenPin implements Pwm {
	private readonly steps: number;

	constructor(pin: VirtualPin, steps: number) {
		super(pin);
		this.steps = steps;
		pin.put(0);
	}

	write(duty: number): void {
		this.check();
		if (!(duty >= 0 && duty <= 1)) throw new Error(`${duty} is no duty`);
		this.pin.put(Math.round(duty * this.steps) / this.steps);
	}
}
