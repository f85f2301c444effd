import { describe, expect, it } from "vitest";
import { quantity } from "../../firmware/model/quantity.js";
import { defineSensor, i2c, sensor } from "../../firmware/model/sensor.js";
import type { Hardware } from "../../firmware/ports/board.js";
import type { I2cDevice, I2cOptions } from "../../firmware/ports/buses.js";

const buses = { main: i2c({ data: 21, clock: 22 }) };

/** A bus that writes down what is opened and closed. */
function bus() {
	const opened: I2cOptions[] = [];
	const open = new Set<I2cOptions>();
	const hardware = {
		i2c(options: I2cOptions): I2cDevice {
			opened.push(options);
			open.add(options);
			const nothing = () => undefined;
			return { write: nothing, read: nothing, writeRead: nothing, close: () => open.delete(options) };
		},
	} as unknown as Hardware;
	return { hardware, opened, open };
}

const driver = defineSensor({
	model: "Fake",
	datasheet: "none",
	addresses: [0x40, 0x41],
	hz: 400_000,
	measures: { volts: quantity("V", { min: 0, max: 5, decimals: 1 }) },
	open: (chip) => ({ start: () => 0, read: () => ({ volts: 1 }), close: () => chip.close() }),
});

describe("a sensor on a bus", () => {
	it("is opened at the usual address of its chip, or at the one that is given", () => {
		const { hardware, opened } = bus();
		sensor(driver, { bus: "main", every: 1_000 }).open(hardware, buses);
		sensor(driver, { bus: "main", every: 1_000, address: 0x41 }).open(hardware, buses);
		expect(opened).toEqual([
			{ data: 21, clock: 22, address: 0x40, hz: 400_000 },
			{ data: 21, clock: 22, address: 0x41, hz: 400_000 },
		]);
	});

	it("leaves nothing open when its chip is not what it should be", () => {
		const { hardware, open } = bus();
		const broken = { ...driver, open: () => refuse() };
		expect(() => sensor(broken, { bus: "main", every: 1_000 }).open(hardware, buses)).toThrow("no such chip");
		expect(open.size).toBe(0);
	});

	it("says so when its bus is missing", () => {
		expect(() => sensor(driver, { bus: "other", every: 1_000 }).open(bus().hardware, buses)).toThrow(
			'there is no bus called "other"',
		);
	});
});

function refuse(): never {
	throw new Error("no such chip");
}
