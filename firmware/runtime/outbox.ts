import type { Device } from "../model/device.js";
import type { ClockOrigins } from "./clock-origins.js";
import { type Depot, SAMPLES } from "./depot.js";
import { PAYLOAD_BYTES_MAX } from "./journal/layout.js";
import { Packer, Unpacker } from "./packing.js";
import { deviceMark, RECORD_SAMPLES_MAX, readSamples, writeSamples } from "./sample-record.js";
import { Samples } from "./samples.js";
import type { Task } from "./scheduler.js";

/** Measurements in memory: five minutes of two sensors measured every 10 s. */
export const SAMPLES_MAX = 64;
/** Without a broker, measurements go to flash when the oldest in memory is this old: what a power cut can cost. */
export const SAVE_MS = 60_000;

/** What an outbox works with, and looks up there each time: a copy would cost memory. */
export interface OutboxNeeds {
	readonly device: Device;
	readonly boot: number;
	readonly depot: Depot;
	readonly origins: ClockOrigins;
}

/**
 * Bounded store of measurements between the sensors and the broker: a window in memory, and behind it the flash, which is
 * written only while the broker is away or does not keep up. Each is kept until the broker has acknowledged it, and goes
 * out as a sample of the boot in which it was taken.
 *
 * Wear, of 64 segments of 4,096 bytes that bear 100,000 erases: a BME280 and an analog input measured every 10 s are
 * 17,280 samples a day. While offline they go to flash once a minute, 12 at a time in one record of some 110 bytes:
 * 1,370 writes and 156 kB a day (host-tests/simulation/outage.test.ts), so that each segment is erased 0.6 times a day
 * and lasts for 450 years; what 1.6 days of them take fits, and a week keeps the latest.
 */
export class Outbox implements Task {
	/** When the window is to be written to flash. */
	dueMs = Number.POSITIVE_INFINITY;
	/** What is only in memory: the latest. */
	readonly window: Samples;
	/** A batch of the window is on its way, and so many of its samples are still in the window. */
	private batchOut = false;
	private inFlight = 0;
	/** Samples of that batch that were given up meanwhile. */
	private lostInFlight = 0;
	/** The oldest batch of those in flash, while there are any. */
	private stored: Samples | undefined = undefined;
	/** So many of them are on their way, and so many of their record are taken. */
	private storedOut = 0;
	private storedTakenCount = 0;
	private online = false;
	private readonly needs: OutboxNeeds;
	private mark = 0;

	constructor(needs: OutboxNeeds) {
		this.needs = needs;
		this.window = new Samples(needs.device, SAMPLES_MAX);
		this.window.boot = needs.boot;
	}

	/** Samples that the broker has not acknowledged. */
	get waiting(): number {
		return this.window.count + this.waitingInFlash;
	}

	/** Of these, the ones in flash. */
	get waitingInFlash(): number {
		return this.depot.stored(SAMPLES) - this.storedTakenCount;
	}

	/** Keeps one measurement of the part `partIndex`. Throws nothing when flash fails. */
	put(partIndex: number, atMs: number, values: ArrayLike<number>): void {
		if (this.window.isFull) this.save();
		if (this.window.isFull) this.dropOldest();
		this.window.put(partIndex, atMs, values);
		if (!this.online) this.dueMs = Math.min(this.dueMs, atMs + SAVE_MS);
	}

	/** The broker came into reach: nothing is written while it takes what it is given. */
	begin(): void {
		this.online = true;
		this.dueMs = Number.POSITIVE_INFINITY;
	}

	/** The broker is out of reach; nothing is in flight any more. */
	end(): void {
		this.online = false;
		this.batchOut = false;
		this.inFlight = 0;
		this.lostInFlight = 0;
		this.storedOut = 0;
		if (this.window.count > 0) this.dueMs = Math.min(this.dueMs, this.window.atMs(0) + SAVE_MS);
	}

	run(nowMs: number): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		if (!this.save() && this.depot.exists) this.dueMs = nowMs + SAVE_MS;
	}

	/** Writes the whole window to flash, what is on its way included: it may then come twice. False when flash fails. */
	save(): boolean {
		if (this.window.count === 0) return true;
		if (!this.depot.exists) return false;
		const packer = new Packer(new Uint8Array(PAYLOAD_BYTES_MAX));
		this.mark ||= deviceMark(this.device);
		this.window.originMs = this.origins.now();
		while (this.window.count > 0) {
			const count = writeSamples(this.window, this.device, this.mark, packer);
			if (count === 0 || !this.depot.append(SAMPLES, packer, count)) return false;
			this.window.release(count);
			this.inFlight = Math.max(0, this.inFlight - count);
			this.origins.stored(this.window.originMs);
		}
		this.settle();
		return true;
	}

	/** Tells flash what was lost since the last time: what `health` says must not be less after a power cut. */
	settle(): void {
		this.depot.settle();
	}

	/** The window, to make a batch of its oldest; undefined when it is empty, or while a batch of it is on its way. */
	nextBatch(): Samples | undefined {
		this.window.originMs = this.origins.now();
		return this.batchOut || this.window.count === 0 ? undefined : this.window;
	}

	/** A batch of the oldest `count` in the window was sent. */
	batchSent(count: number): void {
		this.batchOut = true;
		this.inFlight = count;
	}

	/** The broker has taken that batch, or refuses it and would again. */
	batchTaken(refused: boolean): void {
		if (!this.batchOut) return;
		if (refused) this.depot.lose(SAMPLES, this.inFlight);
		else this.depot.lose(SAMPLES, -this.lostInFlight); // given up too early
		this.window.release(this.inFlight);
		this.batchOut = false;
		this.inFlight = 0;
		this.lostInFlight = 0;
	}

	/** The oldest samples in flash, or undefined when there are none, or while a batch of them is on its way. */
	nextStored(): Samples | undefined {
		if (this.storedOut > 0) return undefined;
		if (this.stored !== undefined && this.stored.count > 0) return this.stored;
		for (let record = this.depot.next(SAMPLES); record !== undefined; record = this.depot.next(SAMPLES)) {
			const samples = this.stored ?? new Samples(this.device, RECORD_SAMPLES_MAX);
			this.stored = samples;
			this.mark ||= deviceMark(this.device);
			if (readSamples(samples, this.device, this.mark, new Unpacker(record.bytes, record.at, record.end))) {
				samples.originMs ??= this.origins.of(samples.boot);
				return samples;
			}
			samples.release(samples.count);
			this.depot.taken(SAMPLES, true);
		}
		this.stored = undefined;
		return undefined;
	}

	/** A batch of the oldest `count` of them was sent. */
	storedSent(count: number): void {
		this.storedOut = count;
	}

	/** The broker has taken that batch, or refuses it and would again. */
	storedTaken(refused: boolean): void {
		const count = this.storedOut;
		if (count === 0 || this.stored === undefined) return;
		this.storedOut = 0;
		this.stored.release(count);
		this.storedTakenCount += count;
		if (refused) this.depot.lose(SAMPLES, count);
		if (this.stored.count > 0) return;
		this.storedTakenCount = 0;
		this.depot.taken(SAMPLES, false);
	}

	private get device(): Device {
		return this.needs.device;
	}

	private get depot(): Depot {
		return this.needs.depot;
	}

	private get origins(): ClockOrigins {
		return this.needs.origins;
	}

	private dropOldest(): void {
		this.window.release(1);
		this.depot.lose(SAMPLES, 1);
		if (this.inFlight === 0) return;
		this.inFlight--;
		this.lostInFlight++;
	}
}
