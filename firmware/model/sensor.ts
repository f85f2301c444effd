import type { Hardware } from "../ports/board.js";
import type { I2cDevice, I2cOptions } from "../ports/buses.js";
import type { PinUse } from "./pins.js";
import type { Quantity } from "./quantity.js";

/** What a sensor measures, by name. */
export type Measures = Readonly<Record<string, Quantity>>;

/** One measurement: a number for everything that is measured, no more and no less. */
export type Reading<M extends Measures> = { readonly [K in keyof M]: number };

/**
 * A sensor that is open and ready. Nothing here waits: `start` says how long the measurement takes, and the runtime
 * calls `read` after that time. Any throw counts as one failed measurement; the runtime closes the probe and opens
 * a fresh one.
 */
export interface Probe<M extends Measures> {
	/** Begins one measurement; returns the worst-case time until `read` in milliseconds (0: at once). */
	start(): number;
	/** Fetches and converts the measurement begun by `start`. */
	read(): Reading<M>;
	close(): void;
}

/** A sensor chip on an I2C bus: data first, one function to open it. */
export interface I2cSensor<M extends Measures> {
	readonly model: string;
	readonly datasheet: string;
	/** Possible addresses, the usual one first. */
	readonly addresses: readonly [number, ...number[]];
	readonly hz: number;
	readonly measures: M;
	/** Identifies the chip and makes it ready. Owns `chip` only once it has returned. */
	open(chip: I2cDevice): Probe<M>;
}

/** Ties a driver's `open` to what it measures; a field missing, misspelt or mistyped does not compile. */
export function defineSensor<const M extends Measures>(driver: I2cSensor<M>): I2cSensor<M> {
	return Object.freeze(driver);
}

/** An I2C bus of the device: two pins. */
export interface Bus {
	readonly data: number;
	readonly clock: number;
}

/** An I2C bus on the pins `data` and `clock`. */
export function i2c(bus: Bus): Bus {
	return bus;
}

export type Buses = Readonly<Record<string, Bus>>;

export interface SensorDefinition<M extends Measures = Measures> {
	readonly kind: "sensor";
	readonly model: string;
	readonly measures: M;
	readonly everyMs: number;
	readonly pins: readonly PinUse[];
	readonly bus?: string;
	readonly address?: number;
	/** Opens the sensor on this board. Throws when the part is not there; nothing stays open then. */
	open(hardware: Hardware, buses: Buses): Probe<M>;
}

export interface SensorOptions {
	/** Name of the bus in the device's `buses`. */
	readonly bus: string;
	/** Milliseconds between two measurements. */
	readonly every: number;
	/** Where the chip has more than one possible address. */
	readonly address?: number;
}

/** An I2C sensor as an entity of a device, measured every `every` milliseconds. */
export function sensor<M extends Measures>(driver: I2cSensor<M>, options: SensorOptions): SensorDefinition<M> {
	const address = options.address ?? driver.addresses[0];
	return {
		kind: "sensor",
		model: driver.model,
		measures: driver.measures,
		everyMs: options.every,
		pins: [],
		bus: options.bus,
		address,
		open: (hardware, buses) => openChip(driver, hardware, busOptions(buses, options.bus, address, driver.hz)),
	};
}

function openChip<M extends Measures>(driver: I2cSensor<M>, hardware: Hardware, options: I2cOptions): Probe<M> {
	const chip = hardware.i2c(options);
	try {
		return driver.open(chip);
	} catch (error) {
		chip.close(); // nothing stays open after a throw
		throw error;
	}
}

function busOptions(buses: Buses, name: string, address: number, hz: number): I2cOptions {
	const bus = buses[name];
	if (bus === undefined) throw new Error(`there is no bus called "${name}"`);
	return { data: bus.data, clock: bus.clock, address, hz };
}
