import type { I2cDevice, I2cOptions } from "../../firmware/ports/buses.js";
import type { VirtualPin } from "./pins.js";

/** A chip on a bus, at the level of its registers. May throw: then it did not acknowledge. */
export interface VirtualChip {
	readonly model: string;
	write(bytes: Uint8Array): void;
	/** Fills `into`. */
	read(into: Uint8Array): void;
}

/** Where a chip sits on a bus, and what is wrong with its contacts. */
export class VirtualSocket {
	readonly data: number;
	readonly clock: number;
	readonly address: number;
	readonly chip: VirtualChip;
	/** The chip does not acknowledge anything: its wire is off. */
	silent = false;
	/** Transactions so far, and how many of them failed. */
	transactions = 0;
	failures = 0;
	private failing = new Set<number>();

	constructor(data: number, clock: number, address: number, chip: VirtualChip) {
		this.data = data;
		this.clock = clock;
		this.address = address;
		this.chip = chip;
	}

	/** The `step`-th transaction from now fails, 0 being the next one. */
	failAt(step: number): void {
		this.failing.add(this.transactions + step);
	}

	/** One transaction: first `bytes` is written, then `into` filled. */
	transact(verb: string, bytes: Uint8Array | undefined, into: Uint8Array | undefined): void {
		const step = this.transactions++;
		try {
			if (this.silent || this.failing.delete(step)) throw new Error("no answer");
			if (bytes !== undefined) this.chip.write(bytes);
			if (into !== undefined) this.chip.read(into);
		} catch (error) {
			this.failures++;
			const why = error instanceof Error ? error.message : "";
			throw new Error(`${verb} failed at address 0x${this.address.toString(16)}: ${why}`);
		}
	}
}

/** One I2C bus: two pins, its chips, and which of them are open. */
export class VirtualBus {
	private readonly data: VirtualPin;
	private readonly clock: VirtualPin;
	private readonly chips = new Map<number, VirtualSocket>();
	private readonly opened = new Map<number, OpenChip>();

	constructor(data: VirtualPin, clock: VirtualPin) {
		this.data = data;
		this.clock = clock;
	}

	attach(chip: VirtualChip, address: number): VirtualSocket {
		if (this.chips.has(address)) throw new Error(`two chips at address 0x${address.toString(16)}`);
		const socket = new VirtualSocket(this.data.number, this.clock.number, address, chip);
		this.chips.set(address, socket);
		return socket;
	}

	sockets(): VirtualSocket[] {
		return [...this.chips.values()];
	}

	/** The firmware opens the place of a chip, whether one is there or not. */
	open({ address, hz }: I2cOptions): I2cDevice {
		if (!(Number.isInteger(address) && address >= 0x08 && address <= 0x77)) throw new Error(`${address} is no address`);
		if (!(hz > 0 && hz <= 1_000_000)) throw new Error(`${hz} Hz is no clock rate of I2C`);
		if (this.opened.has(address)) throw new Error(`address 0x${address.toString(16)} is in use`);
		if (this.opened.size === 0) this.claim();
		const chip = new OpenChip(this, this.chips.get(address), address);
		this.opened.set(address, chip);
		return chip;
	}

	isOpen(chip: OpenChip): boolean {
		return this.opened.get(chip.address) === chip;
	}

	close(chip: OpenChip): void {
		if (!this.isOpen(chip)) return;
		this.opened.delete(chip.address);
		if (this.opened.size === 0) this.release();
	}

	reset(): void {
		this.opened.clear();
	}

	private claim(): void {
		this.data.claim("i2c");
		try {
			this.clock.claim("i2c");
		} catch (error) {
			this.data.release();
			throw error;
		}
	}

	private release(): void {
		this.data.release();
		this.clock.release();
	}
}

class OpenChip implements I2cDevice {
	readonly address: number;
	private readonly bus: VirtualBus;
	private readonly socket: VirtualSocket | undefined;

	constructor(bus: VirtualBus, socket: VirtualSocket | undefined, address: number) {
		this.bus = bus;
		this.socket = socket;
		this.address = address;
	}

	write(bytes: Uint8Array): void {
		this.place("write", bytes).transact("write", bytes, undefined);
	}

	read(into: Uint8Array): void {
		this.place("read", into).transact("read", undefined, into);
	}

	writeRead(bytes: Uint8Array, into: Uint8Array): void {
		this.place("write", bytes);
		this.place("read", into).transact("writeRead", bytes, into);
	}

	close(): void {
		this.bus.close(this);
	}

	private place(verb: string, bytes: Uint8Array): VirtualSocket {
		if (!this.bus.isOpen(this)) throw new Error(`${verb}: ${this.where} was closed`);
		if (bytes.length === 0) throw new Error(`${verb}: nothing to transfer at ${this.where}`);
		if (this.socket === undefined) throw new Error(`${verb} failed at ${this.where}: nothing there`);
		return this.socket;
	}

	private get where(): string {
		return `address 0x${this.address.toString(16)}`;
	}
}
