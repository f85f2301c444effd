import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnalogInputOptions, analogInput } from "../../firmware/drivers/analog-input.js";
import { Fault } from "../../firmware/model/fault.js";
import { percent, temperature, voltage } from "../../firmware/model/quantity.js";
import { VirtualBoard } from "../virtual/board.js";

const STEP = 1 / 4_095; // the virtual converter's resolution

function bench(options: Omit<AnalogInputOptions, "pin" | "every">) {
	const board = new VirtualBoard();
	const definition = analogInput({ pin: 34, every: 1_000, ...options });
	const probe = definition.open(board.hardware, {});
	const read = (fraction: number): number => {
		board.hardware.pins.at(34).fraction = fraction;
		expect(probe.start()).toBe(0);
		return probe.read().value;
	};
	return { board, definition, probe, read };
}

describe("analogInput", () => {
	it("spreads full scale over the quantity's range", () => {
		const { read } = bench({ as: percent() });
		expect([0, 0.25, 0.5, 1].map((fraction) => Math.round(read(fraction)))).toEqual([0, 25, 50, 100]);
	});

	it("draws a straight line through two known points, the larger first or not", () => {
		const { read } = bench({ as: percent("moisture"), from: [0.7, 0.3] }); // a capacitive probe: dry first
		expect(read(0.7)).toBeCloseTo(0, 1);
		expect(read(0.5)).toBeCloseTo(50, 1);
		expect(read(0.3)).toBeCloseTo(100, 1);
	});

	it("goes on beyond its two points, within the quantity's range", () => {
		const { read } = bench({ as: temperature({ min: -40, max: 125 }), from: [0.2, 0.4], to: [10, 20] });
		expect(read(0.6)).toBeCloseTo(30, 1);
		expect(read(0)).toBeCloseTo(0, 1);
	});

	it("takes a little too much for the end of the range, and far too much for a fault", () => {
		const { read } = bench({ as: percent("moisture"), from: [0.7, 0.3] });
		expect(read(0.715)).toBe(0);
		expect(read(0.285)).toBe(100);
		expect(() => read(0.75)).toThrow(Fault);
		expect(() => read(1)).toThrow("it reads 100 % of full scale, which would be -75 %; check its wires and `from`");
		expect(read(0.5)).toBeCloseTo(50, 1); // none the worse
	});

	it("fails when the converter does, and leaves nothing open", () => {
		const { board, probe } = bench({ as: voltage({ min: 0, max: 3.3 }) });
		probe.close();
		expect(() => probe.read()).toThrow("pin 34 was closed");
		expect(board.hardware.pins.inUse()).toEqual([]);
	});

	it("refuses a line through one point", () => {
		expect(() => bench({ as: percent(), from: [0.5, 0.5] })).toThrow("both ends of `from` are the same");
	});

	it("says what it uses", () => {
		const { definition } = bench({ as: percent("battery") });
		expect(definition.pins).toEqual([{ pin: 34, as: "analog" }]);
		expect(definition.measures.value).toMatchObject({ unit: "%", deviceClass: "battery" });
		expect(definition.everyMs).toBe(1_000);
	});

	it("property: what it reads is always within the range and on the line, or a fault", () => {
		const share = fc.double({ min: 0, max: 1, noNaN: true });
		fc.assert(
			fc.property(share, share, share, (low, high, fraction) => {
				fc.pre(Math.abs(high - low) > 0.05);
				const { read } = bench({ as: percent(), from: [low, high] });
				const line = (100 * (fraction - low)) / (high - low);
				const slack = (100 * STEP) / Math.abs(high - low);
				try {
					const value = read(fraction);
					expect(Math.abs(value - Math.min(100, Math.max(0, line)))).toBeLessThanOrEqual(slack);
				} catch (error) {
					expect(error).toBeInstanceOf(Fault);
					expect(line < -5 + slack || line > 105 - slack).toBe(true);
				}
			}),
		);
	});
});
