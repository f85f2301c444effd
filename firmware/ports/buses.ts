export interface I2cOptions {
	readonly data: number;
	readonly clock: number;
	/** 7-bit address, 0x08 to 0x77. */
	readonly address: number;
	readonly hz: number;
}

/** One chip on an I2C bus. Every call is one whole transaction and throws when the chip does not acknowledge. */
export interface I2cDevice {
	write(bytes: Uint8Array): void;
	/** Fills `into`. */
	read(into: Uint8Array): void;
	/** Writes, then reads after a repeated start, filling `into`. */
	writeRead(bytes: Uint8Array, into: Uint8Array): void;
	close(): void;
}

export interface SerialOptions {
	readonly receive?: number;
	readonly transmit?: number;
	readonly port: number;
	readonly baud: number;
}

export interface SerialHandler {
	/** `bytes[0..count)` arrived; the buffer is lent until the call returns. */
	onSerial(bytes: Uint8Array, count: number): void;
}

export interface SerialPort {
	/** Sends all of `bytes`, or returns false with nothing sent when there is no room for them now. */
	write(bytes: Uint8Array): boolean;
	close(): void;
}
