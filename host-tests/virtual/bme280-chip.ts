import type { Clock } from "../../firmware/ports/clock.js";
import { type Calibration, fineOfRaw, rawHumidity, rawPressure, rawTemperature } from "./bme280-inverse.js";
import type { VirtualChip } from "./i2c.js";

export interface Air {
	readonly temperatureC: number;
	readonly humidityPercent: number;
	readonly pressureHpa: number;
}

/** T and P of the worked example in Bosch's data sheet of the BMP280 (BST-BMP280-DS001); H as real chips have it. */
export const EXAMPLE_CALIBRATION: Calibration = {
	t: [27_504, 26_435, -1_000],
	p: [36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000],
	h: [75, 362, 0, 313, 50, 30],
};

const SKIPPED = 0x80000; // data registers after a reset or a skipped measurement, 5.4.3 and 5.4.5
const OVERSAMPLING = [0, 1, 2, 4, 8, 16, 16, 16]; // by the code in ctrl_hum and ctrl_meas, same place

const USUAL_AIR: Air = Object.freeze({ temperatureC: 21, humidityPercent: 45, pressureHpa: 1_013.25 });

/** A BME280 at the level of its registers (data sheet BST-BME280-DS002, section 5), standing in `air`. */
export class Bme280Chip implements VirtualChip {
	air: Air = USUAL_AIR;
	/** What register 0xd0 tells; 0x58 makes it a BMP280. */
	id = 0x60;
	/** The chip has power, but its converter hangs: a measurement never ends. */
	hanging = false;
	private readonly clock: Clock;
	private readonly calibration: Calibration;
	private readonly registers = new Uint8Array(256);
	private pointer = 0;
	private doneMs = Number.POSITIVE_INFINITY;

	constructor(clock: Clock, calibration = EXAMPLE_CALIBRATION) {
		this.clock = clock;
		this.calibration = calibration;
		this.powerOn();
	}

	get model(): string {
		return "BME280";
	}

	/** Power was away: settings and data are lost, the calibration is not. */
	powerOn(): void {
		this.registers.fill(0);
		this.doneMs = Number.POSITIVE_INFINITY;
		this.pointer = 0;
		putCalibration(this.registers, this.calibration);
		this.putResult(SKIPPED, SKIPPED, SKIPPED >> 4);
	}

	/** The converter fails without a word: the last measurement is as if it had been skipped. */
	skip(): void {
		this.putResult(SKIPPED, SKIPPED, SKIPPED >> 4);
	}

	/** The humidity converter's last value. */
	rawHumidity(): number {
		return ((this.registers[0xfd] as number) << 8) | (this.registers[0xfe] as number);
	}

	/** Pairs of register and value; the last register alone is the one to be read (6.2.1 and 6.2.2). */
	write(bytes: Uint8Array): void {
		this.update();
		for (let at = 0; at + 1 < bytes.length; at += 2) this.set(bytes[at] as number, bytes[at + 1] as number);
		if (bytes.length % 2 === 1) this.pointer = bytes[bytes.length - 1] as number;
	}

	/** Registers from the pointer on. */
	read(into: Uint8Array): void {
		this.update();
		this.registers[0xd0] = this.id;
		for (let at = 0; at < into.length; at++) into[at] = this.registers[this.pointer++ & 0xff] as number;
	}

	private set(register: number, value: number): void {
		if (register === 0xe0 && value === 0xb6) this.powerOn();
		if (register === 0xf2 || register === 0xf5) this.registers[register] = value;
		if (register !== 0xf4) return;
		this.registers[0xf4] = value;
		if ((value & 3) === 1 || (value & 3) === 2) this.measure();
	}

	/** Times are the worst case, section 9.1. */
	private measure(): void {
		const [t, p, h] = this.oversampling();
		const ms = 1.25 + 2.3 * t + (p > 0 ? 2.3 * p + 0.575 : 0) + (h > 0 ? 2.3 * h + 0.575 : 0);
		this.doneMs = this.clock.monotonicMs() + ms;
		this.registers[0xf3] = 0x08;
	}

	private update(): void {
		if (this.hanging || this.clock.monotonicMs() < this.doneMs) return;
		this.doneMs = Number.POSITIVE_INFINITY;
		this.registers[0xf3] = 0;
		this.registers[0xf4] = (this.registers[0xf4] as number) & 0xfc; // back to sleep
		const [t, p, h] = this.oversampling();
		const { air, calibration } = this;
		const rawT = round(rawTemperature(calibration, air.temperatureC), t);
		const fine = fineOfRaw(calibration, rawT);
		const rawP = round(rawPressure(calibration, air.pressureHpa * 100, fine), p);
		const rawH = Math.round(rawHumidity(calibration, air.humidityPercent, fine));
		this.putResult(rawT, rawP, h > 0 ? Math.min(0xffff, Math.max(0, rawH)) : SKIPPED >> 4);
	}

	private oversampling(): [number, number, number] {
		const meas = this.registers[0xf4] as number;
		const hum = this.registers[0xf2] as number;
		return [meas >> 5, (meas >> 2) & 7, hum & 7].map((code) => OVERSAMPLING[code]) as [number, number, number];
	}

	private putResult(t: number, p: number, h: number): void {
		this.registers.set([p >> 12, (p >> 4) & 0xff, (p << 4) & 0xff], 0xf7);
		this.registers.set([t >> 12, (t >> 4) & 0xff, (t << 4) & 0xff], 0xfa);
		this.registers.set([h >> 8, h & 0xff], 0xfd);
	}
}

/** 16 bits and one more for every doubling of the oversampling, 3.4.1 and 3.4.3; 4 to 8 bits are always zero. */
function round(raw: number, oversampling: number): number {
	if (oversampling === 0) return SKIPPED;
	const step = 16 / oversampling;
	return Math.min(0xfffff & -step, Math.max(0, Math.round(raw / step) * step));
}

function putCalibration(registers: Uint8Array, { t, p, h }: Calibration): void {
	let at = 0x88;
	for (const word of [...t, ...p]) {
		registers.set([word & 0xff, (word >> 8) & 0xff], at);
		at += 2;
	}
	registers[0xa1] = h[0];
	registers.set([h[1] & 0xff, (h[1] >> 8) & 0xff, h[2], (h[3] >> 4) & 0xff], 0xe1);
	registers.set([(h[3] & 0x0f) | ((h[4] & 0x0f) << 4), (h[4] >> 4) & 0xff, h[5] & 0xff], 0xe5);
}
