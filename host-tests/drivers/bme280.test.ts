import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bme280 } from "../../firmware/drivers/bme280.js";
import { sensor } from "../../firmware/model/sensor.js";
import { runChecks } from "../contracts/run-checks.js";
import { sensorContract } from "../contracts/sensor-contract.js";
import { type Air, Bme280Chip, EXAMPLE_CALIBRATION } from "../virtual/bme280-chip.js";
import { fineOfRaw } from "../virtual/bme280-inverse.js";
import { VirtualBoard } from "../virtual/board.js";
import type { VirtualSocket } from "../virtual/i2c.js";
import { integerHumidity } from "./bme280-integer.js";

const BUSES = { main: { data: 21, clock: 22 } };

/**
 * Calibration and raw values of the worked example in Bosch's data sheet of the BMP280 (BST-BMP280-DS001, "Calculating
 * pressure and temperature"), whose formulas for both are those of the BME280. The data sheets have no example of the
 * humidity: H1 to H6 and its raw value are a usual chip's, and the result that of the integer formula.
 */
const LOW = [
	...[0x70, 0x6b, 0x43, 0x67, 0x18, 0xfc], // T1 27504, T2 26435, T3 -1000
	...[0x7d, 0x8e, 0x43, 0xd6, 0xd0, 0x0b, 0x27, 0x0b, 0x8c, 0x00], // P1 36477, P2 -10685, P3 3024, P4 2855, P5 140
	...[0xf9, 0xff, 0x8c, 0x3c, 0xf8, 0xc6, 0x70, 0x17], // P6 -7, P7 15500, P8 -14600, P9 6000
	...[0x00, 75], // 0xa0 is not used, H1 75
];
const HIGH = [0x6a, 0x01, 0, 0x13, 0x29, 0x03, 30]; // H2 362, H3 0, H4 313, H5 50, H6 30
const DATA = [0x65, 0x5a, 0xc0, 0x7e, 0xed, 0x00, 0x6e, 0x71]; // P 415148, T 519888, H 28273

runChecks(
	"sensor contract: BME280",
	sensorContract(bme280, {
		open: [
			{ write: [0xd0] },
			{ read: [0x60] },
			{ write: [0xf3] },
			{ read: [0x00] },
			{ write: [0x88] },
			{ read: LOW },
			{ write: [0xe1] },
			{ read: HIGH },
			{ write: [0xf4, 0x00, 0xf5, 0x00] },
		],
		measure: [
			{ write: [0xf2, 0x01, 0xf4, 0x25] },
			{ waitMs: 9.3 }, // section 9.1 with every oversampling at 1
			{ write: [0xf2] },
			{ read: [0x01, 0x00, 0x24, 0x00, 0x00, ...DATA] },
		],
		reads: { temperature: 25.08, pressure: 1_006.532_7, humidity: integerHumidity(28_273, 128_422) },
		within: 0.005, // the example's last digit of the temperature
		identity: { step: 1, byte: 0 },
	}),
);

class Bench {
	readonly board = new VirtualBoard();
	readonly chip: Bme280Chip;
	readonly socket: VirtualSocket;
	readonly definition = sensor(bme280, { bus: "main", every: 10_000 });

	constructor(calibration = EXAMPLE_CALIBRATION) {
		this.board.attach({ settle: () => undefined, panic: () => undefined });
		this.chip = new Bme280Chip(this.board.clock, calibration);
		this.socket = this.board.hardware.attach(this.chip, { ...BUSES.main, address: 0x76 });
	}

	open() {
		return this.definition.open(this.board.hardware, BUSES);
	}

	measure(air: Air, probe = this.open()) {
		this.chip.air = air;
		this.board.world.advance(probe.start());
		try {
			return probe.read();
		} finally {
			probe.close();
		}
	}
}

describe("bme280", () => {
	it("computes the pressure of the worked example to its last digit", () => {
		const { board } = new Bench();
		const chip = board.hardware.i2c({ data: 1, clock: 2, address: 0x76, hz: 400_000 });
		const answers = [[0x60], [0], LOW, HIGH, [0x01, 0x00, 0x24, 0x00, 0x00, ...DATA]];
		const probe = bme280.open({
			...chip,
			write: () => undefined,
			writeRead: (_, into) => into.set(answers.shift() as number[]),
		});
		const { temperature, pressure } = probe.read();
		expect(temperature).toBeCloseTo(25.08, 2);
		expect(pressure * 100).toBeCloseTo(100_653.27, 1);
	});

	it("names a BMP280, which looks the same but has no humidity", () => {
		const bench = new Bench();
		bench.chip.id = 0x58;
		expect(() => bench.open()).toThrow("BME280: this chip is a BMP280, which measures no humidity");
		expect(bench.board.hardware.pins.inUse()).toEqual([]);
	});

	it("refuses to read a measurement that has not ended, and can read it later", () => {
		const bench = new Bench();
		const probe = bench.open();
		probe.start();
		bench.board.world.advance(9);
		expect(() => probe.read()).toThrow("it has not finished measuring");
		bench.board.world.advance(1);
		expect(probe.read().temperature).toBeCloseTo(21, 1);
	});

	it("notices that the chip lost its supply in between", () => {
		const bench = new Bench();
		const probe = bench.open();
		bench.board.world.advance(probe.start());
		bench.chip.powerOn();
		expect(() => probe.read()).toThrow("it has lost its settings");
	});

	it("takes 0x80000 for a true temperature, but not when nothing was measured at all", () => {
		const bench = new Bench();
		const temperatureC = fineOfRaw(EXAMPLE_CALIBRATION, 0x80000) / 5_120;
		const reading = bench.measure({ temperatureC, humidityPercent: 45, pressureHpa: 1_013 });
		expect(reading.temperature).toBe(temperatureC); // 26.4 °C: an ordinary room
		const probe = bench.open();
		bench.board.world.advance(probe.start());
		bench.chip.read(new Uint8Array(1));
		bench.chip.skip();
		expect(() => probe.read()).toThrow("it has measured nothing");
	});

	it("refuses a chip whose calibration is empty", () => {
		const bench = new Bench({ t: [0, 0, 0], p: [0, 0, 0, 0, 0, 0, 0, 0, 0], h: [0, 0, 0, 0, 0, 0] });
		expect(() => bench.open()).toThrow("its calibration is empty");
	});

	it("does not change what it hands out", () => {
		const bench = new Bench();
		const probe = bench.open();
		bench.board.world.advance(probe.start());
		const first = { ...probe.read() };
		expect({ ...probe.read() }).toEqual(first);
	});
});

const air = fc.record({
	temperatureC: fc.double({ min: -39, max: 84, noNaN: true }),
	humidityPercent: fc.double({ min: 1, max: 99, noNaN: true }),
	pressureHpa: fc.double({ min: 310, max: 1_090, noNaN: true }),
});

/** Calibrations around the example's, as far as chips differ. */
const calibration = fc
	.array(fc.double({ min: -0.03, max: 0.03, noNaN: true }), { minLength: 18, maxLength: 18 })
	.map((shares) => {
		const vary = (value: number, index: number): number => Math.round(value * (1 + (shares[index] as number)));
		const { t, p, h } = EXAMPLE_CALIBRATION;
		return {
			t: t.map((value, index) => vary(value, index)) as unknown as typeof t,
			p: p.map((value, index) => vary(value, index + 3)) as unknown as typeof p,
			h: h.map((value, index) => vary(value, index + 12)) as unknown as typeof h,
		};
	});

describe("bme280 and its virtual chip", () => {
	it("property: in any air, any chip reads that air to within its resolution", () => {
		fc.assert(
			fc.property(air, calibration, (given, made) => {
				const reading = new Bench(made).measure(given);
				expect(Math.abs(reading.temperature - given.temperatureC)).toBeLessThan(0.005); // 3.4.3: 0.005 °C at 16 bits
				expect(Math.abs(reading.pressure - given.pressureHpa)).toBeLessThan(0.03); // 3.4.2: 2.62 Pa at 16 bits
				expect(Math.abs(reading.humidity - given.humidityPercent)).toBeLessThan(0.01); // 3.4.1: 0.008 %
			}),
		);
	});

	it("property: the humidity is that of the data sheet's integer formula", () => {
		fc.assert(
			fc.property(air, (given) => {
				const bench = new Bench();
				const reading = bench.measure(given);
				const raw = bench.chip.rawHumidity();
				const wanted = integerHumidity(raw, Math.trunc(reading.temperature * 5_120));
				expect(Math.abs(reading.humidity - wanted)).toBeLessThan(0.01);
			}),
		);
	});
});
