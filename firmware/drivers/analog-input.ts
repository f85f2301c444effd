import { Fault } from "../model/fault.js";
import { formatNumber, type Quantity } from "../model/quantity.js";
import type { Probe, Reading, SensorDefinition } from "../model/sensor.js";
import type { AnalogInput } from "../ports/pins.js";

const CONVERSIONS = 8; // the converter of an ESP32 is noisy by some 10 steps of 4096; the mean of 8 by a third of that
const SLACK = 0.05; // share of the quantity's range that a calibrated sensor may be off at its ends

export interface AnalogInputOptions {
	readonly pin: number;
	/** Milliseconds between two measurements. */
	readonly every: number;
	readonly as: Quantity;
	/** Two readings of the converter, as fractions of full scale; 0 and 1 unless set. The larger may come first. */
	readonly from?: readonly [number, number];
	/** What they stand for, in the quantity's unit; the ends of its range unless set. */
	readonly to?: readonly [number, number];
}

type Value = { readonly value: Quantity };

/**
 * A voltage at a pin that stands for something: soil moisture, light, a battery behind a divider. A straight line through
 * two known points. A value just outside the quantity's range is taken for its end; far outside (5 % of the range)
 * the measurement fails, for then a wire is off or the sensor is another one.
 */
export function analogInput(options: AnalogInputOptions): SensorDefinition<Value> {
	const { pin, every, as, from = [0, 1], to = [as.min, as.max] } = options;
	if (!(Math.abs(from[1] - from[0]) > 0))
		throw new Fault(`analog input at pin ${pin}`, "both ends of `from` are the same");
	return {
		kind: "sensor",
		model: "analog input",
		measures: { value: as },
		everyMs: every,
		pins: [{ pin, as: "analog" }],
		open: (hardware) => new AnalogProbe(hardware.analogInput({ pin }), as, from, to),
	};
}

class AnalogProbe implements Probe<Value> {
	private readonly input: AnalogInput;
	private readonly quantity: Quantity;
	private readonly from: readonly [number, number];
	private readonly to: readonly [number, number];

	constructor(input: AnalogInput, quantity: Quantity, from: readonly [number, number], to: readonly [number, number]) {
		this.input = input;
		this.quantity = quantity;
		this.from = from;
		this.to = to;
	}

	start(): number {
		return 0;
	}

	read(): Reading<Value> {
		let sum = 0;
		for (let i = 0; i < CONVERSIONS; i++) sum += this.input.read();
		const fraction = sum / CONVERSIONS;
		const share = (fraction - this.from[0]) / (this.from[1] - this.from[0]);
		return { value: this.within(this.to[0] + share * (this.to[1] - this.to[0]), fraction) };
	}

	close(): void {
		this.input.close();
	}

	private within(value: number, fraction: number): number {
		const { min, max, unit } = this.quantity;
		const slack = (max - min) * SLACK;
		if (value >= min - slack && value <= max + slack) return Math.min(max, Math.max(min, value));
		const read = `it reads ${formatNumber(fraction * 100, 1)} % of full scale, which would be ${formatNumber(value, 1)} ${unit}`;
		throw new Fault("analog input", read, "check its wires and `from`");
	}
}
