import type { Clock } from "../../firmware/ports/clock.js";
import type { Level, Pull } from "../../firmware/ports/pins.js";

const HISTORY_MAX = 256; // enough for every test, bounded for a device that runs for days

export type PinUse = "free" | "output" | "input" | "analog" | "pwm" | "i2c" | "serial";

export interface Change {
	readonly atMs: number;
	/** Level of an output or an input, duty of a PWM: 0 to 1. */
	readonly value: number;
}

/** One pin: what the firmware does with it, and what the world does to it. */
export class VirtualPin {
	readonly number: number;
	use: PinUse = "free";
	pull: Pull = "none";
	/** What the firmware put on the pin: a level, or a duty from 0 to 1. Undefined while it is no output. */
	value: number | undefined;
	/** Every value the firmware put on the pin, the first one included, oldest first; bounded. */
	readonly history: Change[] = [];
	/** How often the firmware opened this pin. */
	opened = 0;
	/** Told about every change made from outside, so that an input can report its edge. */
	onDriven: (() => void) | undefined;
	private driven: Level | undefined;
	private fractionDriven = 0;
	private readonly clock: Clock;

	constructor(number: number, clock: Clock) {
		this.number = number;
		this.clock = clock;
	}

	/** Takes the pin for one use. Throws when it has another. */
	claim(use: PinUse): void {
		if (this.use !== "free") throw new Error(`pin ${this.number} is in use as ${this.use}`);
		this.use = use;
		this.opened++;
	}

	release(): void {
		this.use = "free";
		this.pull = "none";
		this.value = undefined;
		this.onDriven = undefined;
	}

	/** The firmware puts `value` on the pin. */
	put(value: number): void {
		this.value = value;
		this.history.push({ atMs: this.clock.monotonicMs(), value });
		if (this.history.length > HISTORY_MAX) this.history.shift();
	}

	/** The level that an input sees: what is driven from outside, else what the pull makes of it. */
	get level(): Level {
		return this.driven ?? (this.pull === "up" ? 1 : 0);
	}

	/** Connects the pin to a level from outside, or to nothing. */
	drive(level: Level | undefined): void {
		const before = this.level;
		this.driven = level;
		if (this.level !== before) this.onDriven?.();
	}

	/** Two edges so close together that they become one: the contact bounced. */
	bounce(): void {
		this.onDriven?.();
	}

	/** Closes the contact of a button on this pin: to ground, or to the supply where the pull is down. */
	press(): void {
		this.drive(this.pull === "down" ? 1 : 0);
	}

	/** Opens the contact. */
	letGo(): void {
		this.drive(this.pull === "none" ? 1 : undefined);
	}

	/** The voltage at an analog input, as a fraction of full scale. */
	get fraction(): number {
		return this.fractionDriven;
	}

	set fraction(fraction: number) {
		if (!(fraction >= 0 && fraction <= 1)) throw new Error(`${fraction} is no fraction of full scale`);
		this.fractionDriven = fraction;
	}
}

/** The pins of one board, by number. They keep what the world does to them over a restart of the firmware. */
export class VirtualPins {
	private readonly clock: Clock;
	private readonly pins = new Map<number, VirtualPin>();

	constructor(clock: Clock) {
		this.clock = clock;
	}

	/** The pin with this number, 0 to 48 as on the largest ESP32. */
	at(number: number): VirtualPin {
		if (!(Number.isInteger(number) && number >= 0 && number <= 48)) throw new Error(`there is no pin ${number}`);
		let pin = this.pins.get(number);
		if (pin === undefined) {
			pin = new VirtualPin(number, this.clock);
			this.pins.set(number, pin);
		}
		return pin;
	}

	/** Every pin that has a use, by number. */
	inUse(): VirtualPin[] {
		return [...this.pins.values()].filter(({ use }) => use !== "free").sort((a, b) => a.number - b.number);
	}

	/** Takes every pin from the firmware: it starts again. */
	reset(): void {
		for (const pin of this.pins.values()) pin.release();
	}
}
