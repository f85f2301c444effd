import { defineDevice } from "../../../firmware/model/device.js";
import type { DocumentWriter } from "../../../firmware/model/document.js";
import { humidity, pressure, temperature } from "../../../firmware/model/quantity.js";
import type { Board } from "../../../firmware/ports/board.js";
import type { Segments } from "../../../firmware/ports/segments.js";
import { ClockOrigins } from "../../../firmware/runtime/clock-origins.js";
import { Depot } from "../../../firmware/runtime/depot.js";
import { Outbox } from "../../../firmware/runtime/outbox.js";
import { documentWriter, writeBatch } from "../../../firmware/runtime/telemetry.js";
import { type Engine, RECORD_SAMPLES, sampleOf } from "./workload.js";

const SEGMENTS = 8;
const SEGMENT_BYTES = 4_096;
const BEGIN_MS = 1_790_000_000_000;

/** Flash that takes no time. */
class Memory implements Segments {
	readonly count = SEGMENTS;
	readonly bytes = SEGMENT_BYTES;
	private readonly all = new Uint8Array(SEGMENTS * SEGMENT_BYTES).fill(0xff);

	read(segment: number, at: number, into: Uint8Array): void {
		const from = segment * SEGMENT_BYTES + at;
		into.set(this.all.subarray(from, from + into.length));
	}

	write(segment: number, at: number, bytes: Uint8Array): void {
		this.all.set(bytes, segment * SEGMENT_BYTES + at);
	}

	erase(segment: number): void {
		this.all.fill(0xff, segment * SEGMENT_BYTES, (segment + 1) * SEGMENT_BYTES);
	}
}

function unopened(): never {
	throw new Error("this part is only described, never opened");
}

/** Samples that were taken while the broker was away: each record of them goes to flash, and comes back out of it. */
export class Backlog {
	private readonly outbox: Outbox;
	private readonly writer: DocumentWriter;
	private readonly device = defineDevice({
		name: "Bench",
		entities: {
			air: {
				kind: "sensor",
				model: "none",
				measures: { temperature: temperature(), humidity: humidity(), pressure: pressure() },
				everyMs: 10_000,
				pins: [],
				open: unopened,
			},
		},
	});

	constructor({ text }: Engine) {
		let nowMs = 0;
		const clock = { monotonicMs: () => nowMs++, wallMs: () => BEGIN_MS + nowMs };
		const store = { get: () => undefined, set: () => undefined, delete: () => undefined };
		const board = { clock, store, text, segments: new Memory() } as unknown as Board;
		const depot = new Depot({ board, log: (line) => unwanted(line) });
		const origins = new ClockOrigins({ board, boot: 1 });
		this.writer = documentWriter(this.device, text);
		// Anything but one record at the start: otherwise flash would be opened anew for each.
		this.outbox = new Outbox({ device: this.device, boot: 1, depot, origins });
		this.store(0);
	}

	/** Stores record `n`, and makes a message of the oldest one there. */
	next(n: number): string | Uint8Array {
		this.store(n + 1);
		const samples = this.outbox.nextStored();
		if (samples === undefined) return unwanted("there is nothing in flash");
		const count = writeBatch(this.writer, this.device, samples, this.outbox.waitingInFlash);
		if (count !== RECORD_SAMPLES || samples.firstSeq !== n * RECORD_SAMPLES + 1)
			return unwanted(`a message with ${count} samples from ${samples.firstSeq} on`);
		this.outbox.storedSent(count);
		return this.writer.written();
	}

	/** The broker has that message. */
	taken(): void {
		this.outbox.storedTaken(false);
	}

	private store(n: number): void {
		for (let i = 1; i <= RECORD_SAMPLES; i++) {
			const seq = n * RECORD_SAMPLES + i;
			this.outbox.put(0, seq * 10_000, sampleOf(seq));
		}
		if (!this.outbox.save()) unwanted("flash takes nothing");
	}
}

function unwanted(what: string): never {
	throw new Error(what);
}
