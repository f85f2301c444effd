import type { Device } from "../model/device.js";
import type { Clock } from "../ports/clock.js";
import type { TelemetryWriter } from "./telemetry.js";
import { timeOf } from "./time.js";

/** Measurements kept until the broker has acknowledged them: five minutes of two sensors measured every 10 s. */
export const SAMPLES_MAX = 64;

/**
 * Bounded store of measurements between the sensors and the broker, in one block of memory laid out once. Every
 * sample has a sequence number without gaps, so that a receiver can remove duplicates and see what was lost.
 */
export class Outbox {
	/** Samples lost because the store was full. */
	dropped = 0;
	count = 0;
	/** Sequence number of the oldest sample kept. */
	firstSeq = 1;
	private head = 0;
	private readonly width: number;
	private readonly parts = new Uint8Array(SAMPLES_MAX);
	/** Per sample: monotonic time, then its values. */
	private readonly numbers: Float64Array;

	constructor(device: Device) {
		this.width = 1 + device.parts.reduce((most, part) => Math.max(most, part.measureKeys.length), 0);
		this.numbers = new Float64Array(SAMPLES_MAX * this.width);
	}

	/** Sequence number of the next sample. */
	get nextSeq(): number {
		return this.firstSeq + this.count;
	}

	put(partIndex: number, monotonicMs: number, values: Float64Array): void {
		if (this.count === SAMPLES_MAX) {
			this.release(1);
			this.dropped++;
		}
		const slot = (this.head + this.count) % SAMPLES_MAX;
		this.parts[slot] = partIndex;
		this.numbers[slot * this.width] = monotonicMs;
		for (let i = 0; i < values.length; i++) this.numbers[slot * this.width + 1 + i] = values[i] as number;
		this.count++;
	}

	/**
	 * The broker has taken the samples from `fromSeq` to before `endSeq`. Some may have been replaced here while they
	 * were on their way: those are not lost after all.
	 */
	delivered(fromSeq: number, endSeq: number): void {
		if (this.firstSeq > fromSeq) this.dropped -= Math.min(this.firstSeq, endSeq) - fromSeq;
		this.releaseBefore(endSeq);
	}

	/** The broker refuses every sample before `endSeq`, and would again. */
	refused(endSeq: number): void {
		this.dropped += this.releaseBefore(endSeq);
	}

	/** Puts the oldest samples into a batch, as many as fit. Returns the sequence number after the last. */
	fill(telemetry: TelemetryWriter, boot: number, clock: Clock): number {
		telemetry.begin(boot);
		for (let i = 0; i < this.count; i++) {
			const slot = (this.head + i) % SAMPLES_MAX;
			const at = slot * this.width;
			const timeMs = timeOf(clock, this.numbers[at] as number);
			if (!telemetry.add(this.firstSeq + i, timeMs, this.parts[slot] as number, this.numbers, at + 1)) {
				return this.firstSeq + i;
			}
		}
		return this.nextSeq;
	}

	private releaseBefore(endSeq: number): number {
		const count = Math.max(0, Math.min(endSeq - this.firstSeq, this.count));
		this.release(count);
		return count;
	}

	private release(count: number): void {
		this.head = (this.head + count) % SAMPLES_MAX;
		this.firstSeq += count;
		this.count -= count;
	}
}
