import I2C from "embedded:io/i2c";
import type { I2cDevice, I2cOptions } from "../ports/buses.js";
import { hardwareError } from "./words.js";

// A transaction holds everything else up. The longest that a supported sensor stretches the clock is far below this.
const TIMEOUT_MS = 50;

/** Opens one chip on a bus; chips on the same pins share it. Throws when the pins are in use or the address is taken. */
export function openI2c(options: I2cOptions): I2cDevice {
	try {
		return new Chip(options);
	} catch (error) {
		throw hardwareError(`I2C on pins ${options.data} and ${options.clock}`, error);
	}
}

class Chip implements I2cDevice {
	readonly io: I2C;

	constructor({ data, clock, address, hz }: I2cOptions) {
		this.io = new I2C({ data, clock, address, hz, timeout: TIMEOUT_MS });
	}

	write(bytes: Uint8Array): void {
		// Of an empty write the SDK does not throw but tells that nobody answered.
		if (this.io.write(bytes)) throw new Error("write failed");
	}

	read(into: Uint8Array): void {
		this.io.read(into);
	}

	writeRead(bytes: Uint8Array, into: Uint8Array): void {
		this.io.writeRead(bytes, into);
	}

	close(): void {
		this.io.close();
	}
}
