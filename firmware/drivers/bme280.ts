import { Fault } from "../model/fault.js";
import { humidity, pressure, temperature } from "../model/quantity.js";
import { defineSensor, type Probe, type Reading } from "../model/sensor.js";
import type { I2cDevice } from "../ports/buses.js";

// Every section is of the data sheet BST-BME280-DS002.
const BME280_ID = 0x60; // 5.4.1
const BMP280_ID = 0x58; // the sister part without humidity, BST-BMP280-DS001, 4.3.1

const ID = Uint8Array.of(0xd0);
const STATUS = Uint8Array.of(0xf3);
const CALIBRATION_LOW = Uint8Array.of(0x88); // 0x88 to 0xa1, 4.2.2
const CALIBRATION_HIGH = Uint8Array.of(0xe1); // 0xe1 to 0xe7
const RESULT = Uint8Array.of(0xf2); // 0xf2 to 0xfe: settings, status and data in one burst
const CALIBRATION_BYTES = 33;
const RESULT_BYTES = 13;
const UPDATING = 0x01; // status, 5.4.4: calibration is being copied
const MEASURING = 0x08;

// "Weather monitoring", 3.5.1: forced mode, every quantity once, no filter.
const ONCE = 1;
const FORCED = 0x01;
const CTRL_HUM = ONCE;
const CTRL_MEAS = (ONCE << 5) | (ONCE << 2);
const SLEEP = Uint8Array.of(0xf4, 0x00, 0xf5, 0x00); // ctrl_meas, config
const START = Uint8Array.of(0xf2, CTRL_HUM, 0xf4, CTRL_MEAS | FORCED); // ctrl_hum counts once ctrl_meas is written
/** Worst case, 9.1: 1.25 + 2.3 (temperature) + 2.3 + 0.575 (pressure) + 2.3 + 0.575 (humidity) = 9.3 ms. */
const MEASURE_MS = 10;

const measures = {
	temperature: temperature({ min: -40, max: 85 }), // operating ranges, section 1
	humidity: humidity(),
	pressure: pressure({ min: 300, max: 1_100 }),
};

/** Bosch BME280: temperature, relative humidity and air pressure. Put it where the board does not warm it. */
export const bme280 = defineSensor({
	model: "BME280",
	datasheet: "https://www.bosch-sensortec.com/media/boschsensortec/downloads/datasheets/bst-bme280-ds002.pdf",
	addresses: [0x76, 0x77],
	hz: 400_000,
	measures,
	open(chip) {
		identify(chip);
		const probe = new Bme280Probe(chip, readCalibration(chip));
		chip.write(SLEEP);
		return probe;
	},
});

class Bme280Probe implements Probe<typeof measures> {
	private readonly chip: I2cDevice;
	private readonly calibration: Uint8Array;
	private readonly result: Uint8Array;

	constructor(chip: I2cDevice, calibration: Uint8Array) {
		this.chip = chip;
		this.calibration = calibration;
		this.result = new Uint8Array(calibration.buffer, CALIBRATION_BYTES, RESULT_BYTES);
	}

	start(): number {
		this.chip.write(START);
		return MEASURE_MS;
	}

	read(): Reading<typeof measures> {
		const { calibration, result } = this;
		this.chip.writeRead(RESULT, result);
		refuse(result);
		const fine = fineTemperature(calibration, raw20(result, 8));
		return {
			temperature: fine / 5_120,
			humidity: compensateHumidity(calibration, ((result[11] as number) << 8) | (result[12] as number), fine),
			pressure: compensatePressure(calibration, raw20(result, 5), fine) / 100,
		};
	}

	close(): void {
		this.chip.close();
	}
}

function identify(chip: I2cDevice): void {
	const byte = new Uint8Array(1);
	chip.writeRead(ID, byte);
	if (byte[0] === BMP280_ID)
		throw new Fault("BME280", "this chip is a BMP280, which measures no humidity", "replace it");
	if (byte[0] !== BME280_ID) {
		throw new Fault(
			"BME280",
			`another chip answers here (id 0x${(byte[0] as number).toString(16)})`,
			"check the address",
		);
	}
	chip.writeRead(STATUS, byte);
	if (((byte[0] as number) & UPDATING) !== 0) throw new Fault("BME280", "it is still starting");
}

/** 0x88 to 0xa1 at 0, 0xe1 to 0xe7 at 26. Behind it, in the same block, is room for a result. */
function readCalibration(chip: I2cDevice): Uint8Array {
	const low = new Uint8Array(26);
	const high = new Uint8Array(7);
	chip.writeRead(CALIBRATION_LOW, low);
	chip.writeRead(CALIBRATION_HIGH, high);
	const block = new ArrayBuffer(CALIBRATION_BYTES + RESULT_BYTES); // one for both, since each costs memory of its own
	const calibration = new Uint8Array(block, 0, CALIBRATION_BYTES);
	calibration.set(low);
	calibration.set(high, 26);
	if (unsigned16(calibration, 0) === 0 || unsigned16(calibration, 6) === 0) {
		throw new Fault("BME280", "its calibration is empty", "check the wiring, or replace it");
	}
	return calibration;
}

/** A measurement counts only if the chip still has our settings, has finished, and skipped nothing. */
function refuse(result: Uint8Array): void {
	const reset = ((result[0] as number) & 7) !== CTRL_HUM || ((result[2] as number) & 0xfc) !== CTRL_MEAS;
	if (reset) throw new Fault("BME280", "it has lost its settings", "check its supply");
	if (((result[1] as number) & MEASURING) !== 0 || ((result[2] as number) & 3) !== 0) {
		throw new Fault("BME280", "it has not finished measuring");
	}
	// What a skipped measurement leaves, 5.4.3 and 5.4.5. Each can be a true one by itself (0x80000 is near 26 °C), all cannot.
	const isSkipped = raw20(result, 5) === 0x80000 && raw20(result, 8) === 0x80000 && result[11] === 0x80;
	if (isSkipped && result[12] === 0) throw new Fault("BME280", "it has measured nothing");
}

// Compensation in double precision, 8.1. `fine` is the temperature in 1/5120 °C that the others depend on.

function fineTemperature(calibration: Uint8Array, raw: number): number {
	const t1 = unsigned16(calibration, 0);
	const offset = raw / 131_072 - t1 / 8_192;
	const linear = (raw / 16_384 - t1 / 1_024) * signed16(calibration, 2);
	return linear + offset * offset * signed16(calibration, 4);
}

/** Pascal. `at` in the calibration: P1 at 6, then P2 to P9. */
function compensatePressure(calibration: Uint8Array, raw: number, fine: number): number {
	const half = fine / 2 - 64_000;
	const square = (half * half * signed16(calibration, 16)) / 32_768 + half * signed16(calibration, 14) * 2; // P6, P5
	const offset = square / 4 + signed16(calibration, 12) * 65_536; // P4
	const slope = ((signed16(calibration, 10) * half * half) / 524_288 + signed16(calibration, 8) * half) / 524_288; // P3, P2
	const scale = (1 + slope / 32_768) * unsigned16(calibration, 6); // P1
	const pascal = ((1_048_576 - raw - offset / 4_096) * 6_250) / scale;
	const bend = (signed16(calibration, 22) * pascal * pascal) / 2_147_483_648; // P9
	const tilt = (pascal * signed16(calibration, 20)) / 32_768; // P8
	return pascal + (bend + tilt + signed16(calibration, 18)) / 16; // P7
}

/** Percent. In the calibration: H1 at 25, H2 at 26, H3 at 28, H4 and H5 share 29 to 31, H6 at 32. */
function compensateHumidity(calibration: Uint8Array, raw: number, fine: number): number {
	const shared = calibration[30] as number;
	const h4 = (((calibration[29] as number) << 24) >> 20) | (shared & 0x0f);
	const h5 = (((calibration[31] as number) << 24) >> 20) | (shared >> 4);
	const h6 = ((calibration[32] as number) << 24) >> 24;
	const warm = fine - 76_800;
	const bend = 1 + (h6 / 67_108_864) * warm * (1 + ((calibration[28] as number) / 67_108_864) * warm);
	const linear = (raw - (h4 * 64 + (h5 / 16_384) * warm)) * ((signed16(calibration, 26) / 65_536) * bend);
	const percent = linear * (1 - ((calibration[25] as number) * linear) / 524_288);
	return Math.min(100, Math.max(0, percent)); // as 8.1 does: wet or dry beyond the scale
}

/** Data registers, 5.4.7 and 5.4.8: most significant byte first, the last four bits in the top of the third. */
function raw20(bytes: Uint8Array, at: number): number {
	return ((bytes[at] as number) << 12) | ((bytes[at + 1] as number) << 4) | ((bytes[at + 2] as number) >> 4);
}

/** Calibration words are least significant byte first. */
function unsigned16(bytes: Uint8Array, at: number): number {
	return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

function signed16(bytes: Uint8Array, at: number): number {
	return (unsigned16(bytes, at) << 16) >> 16;
}
