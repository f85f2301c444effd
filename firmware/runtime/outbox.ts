import type { Device } from "../model/device.js";
import { formatNumber } from "../model/quantity.js";
import type { SensorDefinition } from "../model/sensor.js";
import type { Clock } from "../ports/clock.js";
import { timeJson } from "./time.js";

/** Measurements kept until the broker has acknowledged them: five minutes of two sensors measured every 10 s. */
export const SAMPLES_MAX = 64;
/** Text after which a batch takes no further sample; one more always fits the session's packet limit. */
const BATCH_CHARACTERS = 900;

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
	private readonly device: Device;
	private readonly width: number;
	private readonly parts = new Uint8Array(SAMPLES_MAX);
	/** Per sample: monotonic time, then its values. */
	private readonly numbers: Float64Array;

	constructor(device: Device) {
		this.device = device;
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

	/** Sequence number after the last sample that a batch from the oldest on may hold; `batch` must be given it. */
	batchEnd(): number {
		let characters = 0;
		let taken = 0;
		while (taken < this.count && characters < BATCH_CHARACTERS) {
			const part = this.device.parts[this.parts[(this.head + taken) % SAMPLES_MAX] as number];
			characters += 48; // {"seq":,"time":,"values":{}}, with their digits
			for (const id of part?.valueIds ?? []) characters += id.length + 12;
			taken++;
		}
		return this.firstSeq + taken;
	}

	/** The telemetry payload of the samples before `endSeq`, oldest first. */
	batch(boot: number, endSeq: number, clock: Clock): string {
		let text = `{"boot":${boot},"samples":[`;
		for (let i = 0; this.firstSeq + i < endSeq; i++) text += (i === 0 ? "" : ",") + this.sample(i, clock);
		return `${text}]}`;
	}

	private sample(index: number, clock: Clock): string {
		const slot = (this.head + index) % SAMPLES_MAX;
		const at = slot * this.width;
		const time = timeJson(clock, this.numbers[at] as number);
		return `{"seq":${this.firstSeq + index},"time":${time},"values":{${this.values(slot, at)}}}`;
	}

	private values(slot: number, at: number): string {
		const part = this.device.parts[this.parts[slot] as number];
		if (part === undefined) return "";
		const { measures } = part.definition as SensorDefinition;
		let text = "";
		for (let i = 0; i < part.valueIds.length; i++) {
			const decimals = measures[part.measureKeys[i] as string]?.decimals ?? 0;
			text += `${i === 0 ? "" : ","}"${part.valueIds[i]}":${formatNumber(this.numbers[at + 1 + i] as number, decimals)}`;
		}
		return text;
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
