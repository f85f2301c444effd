import type { SerialOptions, SerialPort } from "../../firmware/ports/buses.js";
import type { VirtualPins } from "./pins.js";

interface User {
	readonly options: SerialOptions;
	readonly hear: (bytes: Uint8Array, stillOpen: () => boolean) => void;
}

/** A serial port with its far end: what the firmware sent is `sent`, what it hears is given to `send`. */
export class VirtualSerial {
	/** Everything the firmware sent since it opened the port. */
	sent: number[] = [];
	/** Set to play a port that has no room. */
	full = false;
	private readonly port: number;
	private readonly pins: VirtualPins;
	private user: User | undefined;

	constructor(port: number, pins: VirtualPins) {
		this.port = port;
		this.pins = pins;
	}

	get baud(): number | undefined {
		return this.user?.options.baud;
	}

	/** The firmware opens the port. */
	open(options: SerialOptions, hear: User["hear"]): SerialPort {
		if (this.user !== undefined) throw new Error(`serial port ${this.port} is in use`);
		this.claim(options);
		const user = { options, hear };
		this.user = user;
		this.sent = [];
		return {
			write: (bytes) => {
				if (this.user !== user) throw new Error(`serial port ${this.port} was closed`);
				if (this.full) return false;
				this.sent.push(...bytes);
				return true;
			},
			close: () => {
				if (this.user === user) this.reset();
			},
		};
	}

	/** The far end sends `bytes`; lost while the port is closed. */
	send(bytes: Uint8Array): void {
		const { user } = this;
		user?.hear(bytes.slice(), () => this.user === user);
	}

	reset(): void {
		for (const pin of pinsOf(this.user?.options)) this.pins.at(pin).release();
		this.user = undefined;
	}

	private claim(options: SerialOptions): void {
		const claimed: number[] = [];
		try {
			for (const pin of pinsOf(options)) {
				this.pins.at(pin).claim("serial");
				claimed.push(pin);
			}
		} catch (error) {
			for (const pin of claimed) this.pins.at(pin).release();
			throw error;
		}
	}
}

function pinsOf(options: SerialOptions | undefined): number[] {
	return [options?.receive, options?.transmit].filter((pin) => pin !== undefined);
}
