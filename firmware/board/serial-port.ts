import Serial from "embedded:io/serial";
import type { SerialHandler, SerialOptions, SerialPort } from "../ports/buses.js";
import { enter } from "./entry.js";
import { hardwareError } from "./words.js";

// The hardware's buffer, and all there is: ESP32 Technical Reference Manual, UART.
const FIFO_BYTES = 128;

/** Opens a serial port, 8 bits, no parity, 1 stop bit. Throws when the port or its pins are in use. */
export function openSerial(options: SerialOptions, handler: SerialHandler): SerialPort {
	try {
		return new Uart(options, handler);
	} catch (error) {
		throw hardwareError(`serial port ${options.port}`, error);
	}
}

class Uart implements SerialPort {
	readonly handler: SerialHandler;
	readonly buffer = new Uint8Array(FIFO_BYTES);
	readonly io: Serial<Uart>;
	room = 0;

	constructor(options: SerialOptions, handler: SerialHandler) {
		this.handler = handler;
		this.io = new Serial<Uart>({ ...options, target: this, onReadable, onWritable });
	}

	write(bytes: Uint8Array): boolean {
		if (bytes.length > this.room) return false;
		this.io.write(bytes);
		this.room -= bytes.length;
		return true;
	}

	close(): void {
		this.io.close();
	}

	drain(): void {
		// read(n) of the SDK returns rubbish when fewer have arrived; read(buffer) does not.
		const count = this.io.read(this.buffer);
		if (count) this.handler.onSerial(this.buffer, count);
	}
}

function onReadable(this: Serial<Uart>): void {
	enter("serial port", this.target, this.target.drain, undefined, undefined);
}

function onWritable(this: Serial<Uart>, room: number): void {
	this.target.room = room;
}
