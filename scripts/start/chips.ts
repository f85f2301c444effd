import type { Clock } from "../../firmware/ports/clock.js";
import { type Air, Bme280Chip } from "../../host-tests/virtual/bme280-chip.js";
import type { VirtualChip } from "../../host-tests/virtual/i2c.js";

export type { Air };

/** A chip for the bench, with the knobs of what it measures. */
export interface BenchChip {
	readonly chip: VirtualChip;
	air(): Air;
	/** Throws when there is no such knob, or the value is beyond it. */
	turn(knob: string, value: number): void;
}

/** What the sliders can be set to: the chip's range, data sheet BST-BME280-DS002, table 1. */
const LIMITS = new Map<string, readonly [min: number, max: number]>([
	["temperatureC", [-40, 85]],
	["humidityPercent", [0, 100]],
	["pressureHpa", [300, 1_100]],
]);

/** The virtual chip of this model; undefined when nobody has made one. */
export function makeChip(model: string, clock: Clock): BenchChip | undefined {
	if (model !== "BME280") return undefined;
	const chip = new Bme280Chip(clock);
	return {
		chip,
		air: () => chip.air,
		turn(knob, value) {
			const limits = LIMITS.get(knob);
			if (limits === undefined) throw new Error(`${model}: there is no knob "${knob}"`);
			if (!(value >= limits[0] && value <= limits[1])) throw new Error(`${model}: ${value} is beyond the knob's end`);
			chip.air = { ...chip.air, [knob]: value };
		},
	};
}
