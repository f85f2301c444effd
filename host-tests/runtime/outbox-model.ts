import { defineDevice } from "../../firmware/model/device.js";
import { ClockOrigins } from "../../firmware/runtime/clock-origins.js";
import { Depot, SAMPLES } from "../../firmware/runtime/depot.js";
import { Outbox } from "../../firmware/runtime/outbox.js";
import { RECORD_SAMPLES_MAX } from "../../firmware/runtime/sample-record.js";
import type { Samples } from "../../firmware/runtime/samples.js";
import { equal, ok } from "../contracts/checks.js";
import { fakeSensor } from "../model/parts.js";
import { VirtualBoard } from "../virtual/board.js";
import { VirtualFlash } from "../virtual/flash.js";
import { PowerCut } from "../virtual/store.js";

const device = defineDevice({
	name: "Test",
	entities: { air: fakeSensor(["co2", "voc"]), noise: fakeSensor(["level"]) },
});
const BOOT_STEP = 1e6; // a sample is known by its boot and its number in one

const BATCH_MAX = 20;

export type Verb = "put" | "save" | "send" | "send stored" | "taken" | "refused" | "lost" | "restart" | "cut";

export interface Step {
	readonly do: Verb;
	/** Samples to put, or bytes until the power goes. */
	readonly count: number;
}

/**
 * An outbox with its flash and a receiver that forgets nothing. Keeps the books outside: every sample that was ever put
 * is received, or waits, or is counted as dropped, or was only in memory when the power went.
 */
export class OutboxModel {
	readonly board = new VirtualBoard();
	readonly flash = new VirtualFlash(6, 1_024);
	readonly received = new Set<number>();
	/** In memory only when the power went, or on the way from there to flash. */
	readonly cutOff = new Set<number>();
	outbox!: Outbox;
	private boot = 0;
	private put = 0;
	private readonly ever = new Set<number>();
	/** Samples that the broker's acknowledgements made the outbox forget. */
	private acknowledged = 0;
	/** What is on its way, and whether it came out of flash. */
	private flight: number[] | undefined;
	private storedFlight: number[] | undefined;
	private lastStored = 0;

	constructor() {
		this.board.segments = this.flash;
		this.start();
	}

	get dropped(): number {
		return this.depot.dropped[SAMPLES] as number;
	}

	private depot!: Depot;

	perform({ do: verb, count }: Step): void {
		try {
			this.act(verb, count);
		} catch (error) {
			if (!(error instanceof PowerCut)) throw error;
		}
		if (this.flash.isDead) this.cutPower();
	}

	/** Nothing was cut and no acknowledgement went astray: the sum must be exact. */
	checkSum(): void {
		equal(this.acknowledged + this.outbox.waiting + this.dropped, this.ever.size, "acknowledged + waiting + dropped");
	}

	/** Sends everything; then nothing may be missing that is not counted. */
	drain(): void {
		this.flash.reset();
		this.act("lost", 0);
		for (const [send, verb] of [
			["send", "taken"],
			["send stored", "taken"],
		] as const) {
			while (this.send(send)) this.act(verb, 0);
		}
		equal(this.outbox.waiting, 0, "what still waits");
		const missing = [...this.ever].filter((sample) => !this.received.has(sample) && !this.cutOff.has(sample));
		ok(missing.length <= this.dropped, `${missing.length} samples are missing and ${this.dropped} are counted`);
	}

	private act(verb: Verb, count: number): void {
		if (verb === "put") for (let i = 0; i < count && !this.flash.isDead; i++) this.putOne();
		else if (verb === "save") this.outbox.save();
		else if (verb === "send" || verb === "send stored") this.send(verb);
		else if (verb === "taken" || verb === "refused") this.answer(verb === "refused");
		else if (verb === "lost") this.lose();
		else if (verb === "restart") this.restart();
		else this.flash.cutPowerAfter(count, () => this.noteMemory());
	}

	private putOne(): void {
		this.board.world.advance(1_000);
		const seq = this.outbox.window.nextSeq;
		this.ever.add(this.boot * BOOT_STEP + seq);
		const part = ++this.put % 2;
		const values = Float64Array.from(part === 0 ? [seq, -seq / 100] : [seq]);
		this.outbox.put(part, this.board.clock.monotonicMs(), values);
	}

	private send(verb: "send" | "send stored"): boolean {
		if (verb === "send") {
			const window = this.outbox.nextBatch();
			if (window === undefined) return false;
			const count = Math.min(window.count, BATCH_MAX);
			this.flight = this.read(window, count);
			this.outbox.batchSent(count);
			return true;
		}
		const samples = this.outbox.nextStored();
		if (samples === undefined) return false;
		const count = Math.min(samples.count, BATCH_MAX);
		this.storedFlight = this.read(samples, count);
		ok((this.storedFlight[0] as number) >= this.lastStored, "what was stored comes in order");
		this.lastStored = this.storedFlight[0] as number;
		this.outbox.storedSent(count);
		return true;
	}

	/** The numbers of these samples, each held against what was put. */
	private read(samples: Samples, count: number): number[] {
		return Array.from({ length: count }, (_, i) => {
			const seq = samples.firstSeq + i;
			const [first = 0, second = 0] = samples.numbers.subarray(samples.valuesAt(i));
			const scaled = samples.partIndex(i) === 0 ? Math.round(second * -100) : first;
			equal([first, scaled], [seq, seq], "the values of a sample");
			return samples.boot * BOOT_STEP + seq;
		});
	}

	/** The broker has everything that is on its way, or refuses all of it. */
	private answer(refused: boolean): void {
		const { flight = [], storedFlight = [] } = this;
		this.flight = this.storedFlight = undefined;
		if (!refused) for (const sample of [...flight, ...storedFlight]) this.received.add(sample);
		const before = this.outbox.waiting + this.dropped;
		this.outbox.batchTaken(refused);
		this.outbox.storedTaken(refused);
		this.acknowledged += before - this.outbox.waiting - this.dropped;
	}

	/** The connection ends, half of the time after the broker took what is on its way. */
	private lose(): void {
		const arrived = this.put % 2 === 0 ? [...(this.flight ?? []), ...(this.storedFlight ?? [])] : [];
		for (const sample of arrived) this.received.add(sample);
		this.flight = this.storedFlight = undefined;
		this.outbox.end();
	}

	private restart(): void {
		this.lose();
		this.outbox.save();
		this.depot.settle();
		if (this.flash.isDead) return; // the power went while it was being saved
		this.board.store.reset();
		const before = this.outbox.waiting + this.dropped;
		this.start();
		// A record of which a part is acknowledged comes again as a whole.
		const again = this.outbox.waiting + this.dropped - before;
		ok(again >= 0 && again < RECORD_SAMPLES_MAX, `${again} samples come again`);
		this.acknowledged -= again;
	}

	/** The moment at which the power goes: later the firmware may do what it likes, to no effect. */
	private noteMemory(): void {
		const { window } = this.outbox;
		for (let i = 0; i < window.count; i++) this.cutOff.add(this.boot * BOOT_STEP + window.firstSeq + i);
		this.cutOff.add(this.boot * BOOT_STEP + window.nextSeq); // the one that was just being put
	}

	private cutPower(): void {
		this.flight = this.storedFlight = undefined;
		this.flash.reset();
		this.start();
	}

	private start(): void {
		this.boot++;
		this.lastStored = 0; // what was acknowledged just before the power went may come again
		const origins = new ClockOrigins({ board: this.board, boot: this.boot });
		this.depot = new Depot({ board: { segments: this.flash }, log: (line) => this.board.log(line) });
		this.outbox = new Outbox({ device, boot: this.boot, depot: this.depot, origins });
	}
}
