import type { Hardware } from "../../firmware/ports/board.js";
import type { I2cDevice, I2cOptions, SerialHandler, SerialOptions, SerialPort } from "../../firmware/ports/buses.js";
import type { Clock } from "../../firmware/ports/clock.js";
import { type Entry, guard } from "../../firmware/ports/guard.js";
import type {
	AnalogInput,
	AnalogInputOptions,
	DigitalInput,
	DigitalInputOptions,
	DigitalOutput,
	DigitalOutputOptions,
	EdgeHandler,
	Pwm,
	PwmOptions,
} from "../../firmware/ports/pins.js";
import { VirtualBus, type VirtualChip, type VirtualSocket } from "./i2c.js";
import { OpenAnalog, OpenInput, OpenOutput, OpenPwm } from "./open-pins.js";
import { VirtualPins } from "./pins.js";
import { VirtualSerial } from "./serial.js";

/** What the hardware needs of the board around it; any board can have virtual hardware. */
export interface Surroundings {
	readonly clock: Clock;
	/** The firmware's entry at this moment. */
	entry(): Entry;
	/** Calls `run` soon, but never before this call has returned: the way an interrupt reaches the firmware. */
	soon(run: () => void): void;
}

/** Pins, chips and serial ports in memory. Strict: what would fail on a chip, or be noticed only there, throws here. */
export class VirtualHardware implements Hardware {
	readonly pins: VirtualPins;
	readonly serials = new Map<number, VirtualSerial>();
	private readonly surroundings: Surroundings;
	private readonly buses = new Map<string, VirtualBus>();
	private generation = 1;

	constructor(surroundings: Surroundings) {
		this.surroundings = surroundings;
		this.pins = new VirtualPins(surroundings.clock);
	}

	digitalOutput({ pin, initial }: DigitalOutputOptions): DigitalOutput {
		const claimed = this.pins.at(pin);
		claimed.claim("output");
		return new OpenOutput(claimed, initial);
	}

	digitalInput({ pin, pull }: DigitalInputOptions, handler: EdgeHandler): DigitalInput {
		const claimed = this.pins.at(pin);
		claimed.claim("input");
		claimed.pull = pull;
		return new OpenInput(claimed, (stillOpen) =>
			this.interrupt(() => {
				if (stillOpen()) guard(this.surroundings.entry(), "pin", handler, handler.onEdge, undefined, undefined);
			}),
		);
	}

	analogInput({ pin }: AnalogInputOptions): AnalogInput {
		const claimed = this.pins.at(pin);
		claimed.claim("analog");
		return new OpenAnalog(claimed);
	}

	pwm({ pin, hz, resolutionBits }: PwmOptions): Pwm {
		if (!(hz >= 1 && hz * 2 ** resolutionBits <= 80e6))
			throw new Error(`no timer for ${hz} Hz at ${resolutionBits} bits`);
		if (!(Number.isInteger(resolutionBits) && resolutionBits >= 8 && resolutionBits <= 14)) {
			throw new Error(`${resolutionBits} bits: a PWM has 8 to 14`);
		}
		const claimed = this.pins.at(pin);
		claimed.claim("pwm");
		return new OpenPwm(claimed, 2 ** resolutionBits - 1);
	}

	i2c(options: I2cOptions): I2cDevice {
		return this.bus(options.data, options.clock).open(options);
	}

	serial(options: SerialOptions, handler: SerialHandler): SerialPort {
		return this.serialAt(options.port).open(options, (bytes, stillOpen) =>
			this.interrupt(() => {
				if (stillOpen()) guard(this.surroundings.entry(), "serial", handler, handler.onSerial, bytes, bytes.length);
			}),
		);
	}

	/** The far end of a serial port, whether it is open or not. */
	serialAt(port: number): VirtualSerial {
		let serial = this.serials.get(port);
		if (serial === undefined) {
			serial = new VirtualSerial(port, this.pins);
			this.serials.set(port, serial);
		}
		return serial;
	}

	/** Solders a chip to the bus on these two pins. Returns its socket, through which it can be made to fail. */
	attach(chip: VirtualChip, place: { data: number; clock: number; address: number }): VirtualSocket {
		return this.bus(place.data, place.clock).attach(chip, place.address);
	}

	/** Every chip with its place, for whoever shows the board. */
	sockets(): VirtualSocket[] {
		return [...this.buses.values()].flatMap((bus) => bus.sockets());
	}

	/** The firmware starts again: everything it opened is closed. Chips and what drives the pins stay as they are. */
	reset(): void {
		this.generation++;
		this.pins.reset();
		for (const bus of this.buses.values()) bus.reset();
		for (const serial of this.serials.values()) serial.reset();
	}

	private bus(data: number, clock: number): VirtualBus {
		const key = `${data}/${clock}`;
		let bus = this.buses.get(key);
		if (bus === undefined) {
			bus = new VirtualBus(this.pins.at(data), this.pins.at(clock));
			this.buses.set(key, bus);
		}
		return bus;
	}

	private interrupt(run: () => void): void {
		const { generation } = this;
		this.surroundings.soon(() => {
			if (this.generation === generation) run();
		});
	}
}
