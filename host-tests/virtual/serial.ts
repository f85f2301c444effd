import type { SerialOptions, SerialPort } from "../../firmware/ports/buses.js";
import type { VirtualPins } from "./pins.js";

/** A serial port with its far end: what the firmware sent is `sent`, what it hears is given to `send`. */
export class VirtualSerial {
	/** Everything the firmware sent since it opened the port. */
	sent: number[] = [];
	/** Set to play a port that has no room. */
	full = false;
	private readonly port: number;
	private readonly pins: VirtualPins;
	private user: { options: SerialOptions; hear: (bytes: Uint8Array) => void } | undefined;

	constructor(port: number, pins: VirtualPins) {
		this.port = port;
		this.pins = pins;
	}

	get baud(): number | undefined {
		return this.user?.options.baud;
	}

	/** The firmware opens the port. */
	open(options: SerialOptions, hear: (bytes: Uint8Array) => void): SerialPort {
		if (this.user !== undefined) throw new Error(`serial port ${this.port} is in use`);
		const mine = { options, hear };
		this.user = mine;
		this.sent = [];
		return {
			write: (bytes) => {
				if (this.user !== mine) throw new Error(`serial port ${this.port} was closed`);
				if (this.full) return false;
				this.sent.push(...bytes);
				return true;
			},
			close: () => {
				if (this.user === mine) this.reset();
			},
		};
	}

	/** The far end sends `bytes`; lost while the port is closed. */
	send(bytes: Uint8Array): void {
		this.user?.hear(bytes.slice());
	}

	reset(): void {
		for (const pin of [this.user?.options.receive, this.user?.options.transmit]) {
			if (pin !== undefined) this.pins.at(pin).release();
		}
		this.user = undefined;
	}
}
