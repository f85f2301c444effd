import type device from "../../firmware/device.js";
import type { Hardware } from "../../firmware/ports/board.js";
import type { I2cDevice, I2cOptions } from "../../firmware/ports/buses.js";
import type { Clock } from "../../firmware/ports/clock.js";
import type { AnalogInput, DigitalInput, DigitalOutput, Level, Pwm } from "../../firmware/ports/pins.js";
import { Bme280Chip } from "../../host-tests/virtual/bme280-chip.js";
import type { VirtualChip } from "../../host-tests/virtual/i2c.js";

/*
 * The hardware of a device in the SDK's simulators, which have none: the chips are the virtual board's, the pins only
 * say what is written to them, and nobody presses anything. With `npm start` there is a board to play with; this one is
 * for running the firmware on the engine, and so holds as little memory as it can.
 */

type Parts = (typeof device)["parts"];

/** The virtual chip of each model that sensors are known to be. */
const CHIPS: { readonly [model: string]: new (clock: Clock) => VirtualChip } = Object.freeze({ BME280: Bme280Chip });

/** Pins, and chips for these parts of a device, on a board with this clock and console. */
export class SimulatedHardware implements Hardware {
	private readonly parts: Parts;
	private readonly clock: Clock;

	constructor(parts: Parts, clock: Clock) {
		this.parts = parts;
		this.clock = clock;
	}

	digitalOutput({ pin, initial }: { pin: number; initial: Level }): DigitalOutput {
		const output = new SpokenPin(pin);
		output.write(initial);
		return output;
	}

	digitalInput({ pull }: { pull: string }): DigitalInput {
		return pull === "up" ? RELEASED_HIGH : RELEASED_LOW;
	}

	analogInput(): AnalogInput {
		return HALF_WAY;
	}

	pwm({ pin }: { pin: number }): Pwm {
		return new SpokenPin(pin);
	}

	i2c({ address }: I2cOptions): I2cDevice {
		for (const { definition } of this.parts) {
			if (definition.kind !== "sensor" || definition.address !== address) continue;
			const Chip = CHIPS[definition.model];
			if (Chip) return new WiredChip(new Chip(this.clock));
		}
		throw new Error(`the simulator has no chip for address 0x${address.toString(16)}`);
	}

	serial(): never {
		throw new Error("the simulator has no serial port");
	}
}

/** An output whose level, or duty, is told whenever it changes. */
class SpokenPin implements DigitalOutput, Pwm {
	private readonly pin: number;
	private value = 0;

	constructor(pin: number) {
		this.pin = pin;
	}

	write(value: number): void {
		if (value === this.value) return;
		this.value = value;
		trace(`pin ${this.pin}: ${value}\n`);
	}

	close(): void {}
}

class WiredChip implements I2cDevice {
	private readonly chip: VirtualChip;

	constructor(chip: VirtualChip) {
		this.chip = chip;
	}

	write(bytes: Uint8Array): void {
		this.chip.write(bytes);
	}

	read(into: Uint8Array): void {
		this.chip.read(into);
	}

	writeRead(bytes: Uint8Array, into: Uint8Array): void {
		this.chip.write(bytes);
		this.chip.read(into);
	}

	close(): void {}
}

// Made when the firmware is built, and so in flash.
const RELEASED_HIGH: DigitalInput = Object.freeze({ read: () => 1, close() {} });
const RELEASED_LOW: DigitalInput = Object.freeze({ read: () => 0, close() {} });
const HALF_WAY: AnalogInput = Object.freeze({ read: () => 0.5, close() {} });
