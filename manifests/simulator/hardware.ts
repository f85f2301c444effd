import type device from "../../firmware/device.js";
import type { Hardware } from "../../firmware/ports/board.js";
import type { I2cDevice, I2cOptions } from "../../firmware/ports/buses.js";
import type { AnalogInput, DigitalInput, DigitalOutput, Level, Pwm } from "../../firmware/ports/pins.js";
import { Bme280Chip } from "../../host-tests/virtual/bme280-chip.js";

/*
 * The hardware of a device in the SDK's simulators, which have none: the chips hold what the virtual board's hold after a
 * measurement, the pins only say what is written to them, and nobody presses anything. With `npm start` there is a board to
 * play with; this one is for running the firmware on the engine, and so holds as little memory as it can.
 */

type Parts = (typeof device)["parts"];

/** The registers of each model that sensors are known to be. Made when the firmware is built, and so in flash. */
const REGISTERS: { readonly [model: string]: Uint8Array } = Object.freeze({ BME280: bme280Registers() });

function bme280Registers(): Uint8Array {
	let nowMs = 0;
	const chip = new Bme280Chip({ monotonicMs: () => nowMs, wallMs: () => undefined, setWallMs: () => undefined });
	chip.write(Uint8Array.of(0xf2, 0x01, 0xf4, 0x25)); // every quantity once
	nowMs = 1_000;
	chip.write(Uint8Array.of(0x00)); // and then from the first register on
	const registers = new Uint8Array(256);
	chip.read(registers);
	return registers;
}

/** Pins, and chips for these parts of a device. */
export class SimulatedHardware implements Hardware {
	private readonly parts: Parts;

	constructor(parts: Parts) {
		this.parts = parts;
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
			const registers = REGISTERS[definition.model];
			if (registers) return new StillChip(registers);
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

/** A chip whose registers never change: what is written is where to read. */
class StillChip implements I2cDevice {
	private readonly registers: Uint8Array;
	private pointer = 0;

	constructor(registers: Uint8Array) {
		this.registers = registers;
	}

	write(bytes: Uint8Array): void {
		this.pointer = bytes[0] as number;
	}

	read(into: Uint8Array): void {
		for (let at = 0; at < into.length; at++) into[at] = this.registers[(this.pointer + at) & 0xff] as number;
	}

	writeRead(bytes: Uint8Array, into: Uint8Array): void {
		this.write(bytes);
		this.read(into);
	}

	close(): void {}
}

// Made when the firmware is built, and so in flash.
const RELEASED_HIGH: DigitalInput = Object.freeze({ read: () => 1, close() {} });
const RELEASED_LOW: DigitalInput = Object.freeze({ read: () => 0, close() {} });
const HALF_WAY: AnalogInput = Object.freeze({ read: () => 0.5, close() {} });
