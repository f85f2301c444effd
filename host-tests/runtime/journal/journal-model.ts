import { Journal } from "../../../firmware/runtime/journal/journal.js";
import { getUint32, PAYLOAD_AT, putUint32 } from "../../../firmware/runtime/journal/layout.js";
import { ok } from "../../contracts/checks.js";
import { VirtualFlash } from "../../virtual/flash.js";
import { PowerCut } from "../../virtual/store.js";

const LIMITS = [2, 5];
const LANES = [0, 1];

export interface Step {
	readonly do: string;
	readonly lane: number;
	readonly bytes: number;
	readonly items: number;
}

/**
 * Plays a history on a journal and keeps the books outside it: after every step and every restart each item must be
 * released, stored or counted as dropped, and what is read must come in order and be what was written.
 */
export class JournalModel {
	readonly flash = new VirtualFlash(6, 256);
	private journal = new Journal(this.flash, LIMITS);
	private number = 0;
	/** What was appended for certain, by lane. */
	private readonly items = LANES.map(() => new Map<number, number>());
	private readonly appended = LANES.map(() => 0);
	private readonly releasedNumbers = LANES.map(() => new Set<number>());
	private readonly released = LANES.map(() => 0);
	private readonly discarded = LANES.map(() => 0);
	/** The last record read in each lane. */
	private readonly lastRead = LANES.map(() => 0);
	/** What was under way when the power went: it may have happened or not. */
	private doubt: { lane: number; items: number } | undefined;

	/** The power goes after `cutAfter` bytes. */
	constructor(cutAfter: number) {
		this.flash.cutPowerAfter(cutAfter);
	}

	/** Returns how many bytes were written, erased blocks included. */
	play(steps: readonly Step[]): number {
		for (const step of steps) this.guarded(step);
		this.restart();
		this.drain();
		return this.flash.bytesWritten + 4 * this.flash.erases.reduce((sum, count) => sum + count, 0);
	}

	private guarded(step: Step): void {
		try {
			this.perform(step);
		} catch (error) {
			if (!(error instanceof PowerCut)) throw error;
		}
		if (this.flash.isDead) this.restart();
		this.doubt = undefined;
		this.check();
	}

	private perform({ do: verb, lane, bytes, items }: Step): void {
		if (verb === "append") this.append(lane, bytes, items);
		else if (verb === "next") this.next(lane);
		else if (verb === "release" || verb === "discard") this.finish(lane, verb);
		else if (verb === "tell") this.journal.tell();
		else if (verb === "restart") this.restart();
		else if (verb === "cut") this.flash.cutPowerAfter(bytes);
	}

	private append(lane: number, bytes: number, items: number): void {
		const payload = new Uint8Array(4 + bytes).fill(++this.number);
		putUint32(payload, 0, this.number);
		this.doubt = { lane, items };
		this.journal.append(lane, payload, payload.length, items);
		this.wasAppended(lane, items);
	}

	private wasAppended(lane: number, items: number): void {
		this.items[lane]?.set(this.number, items);
		this.appended[lane] = (this.appended[lane] as number) + items;
	}

	private next(lane: number): void {
		if (!this.journal.next(lane)) return;
		const record = this.journal.lanes[lane]?.record as Uint8Array;
		const number = getUint32(record, PAYLOAD_AT);
		ok(this.items[lane]?.has(number) === true, "what is read was appended");
		ok(number >= (this.lastRead[lane] as number), "records come in order");
		this.lastRead[lane] = number;
	}

	private finish(lane: number, verb: "release" | "discard"): void {
		const { held = 0, record } = this.journal.lanes[lane] ?? {};
		if (held === 0 || record === undefined) return;
		if (verb === "release") this.wasReleased(lane, getUint32(record, PAYLOAD_AT), held);
		else this.discarded[lane] = (this.discarded[lane] as number) + held;
		this.journal[verb](lane);
	}

	private wasReleased(lane: number, number: number, items: number): void {
		const numbers = this.releasedNumbers[lane] as Set<number>;
		if (!numbers.has(number)) this.released[lane] = (this.released[lane] as number) + items;
		numbers.add(number);
	}

	private restart(): void {
		this.flash.reset();
		this.journal = new Journal(this.flash, LIMITS);
		this.lastRead.fill(0); // a record whose release was under way may come again
		this.settle();
	}

	/** An append that the power cut is in flash as a whole or not at all: the model learns which by looking. */
	private settle(): void {
		const { doubt } = this;
		this.doubt = undefined;
		if (doubt === undefined) return;
		const after = this.journal.lanes[doubt.lane]?.appended;
		const before = this.appended[doubt.lane] as number;
		ok(after === before || after === before + doubt.items, "an append is whole or did not happen");
		if (after !== before) this.wasAppended(doubt.lane, doubt.items);
	}

	private check(): void {
		for (const lane of LANES) {
			const { stored = 0, dropped = 0 } = this.journal.lanes[lane] ?? {};
			ok(stored + dropped >= this.missing(lane), "nothing is gone without being stored or counted");
			ok(stored + dropped <= (this.appended[lane] as number), "nothing is counted that never was");
		}
	}

	/** Items that must be stored or counted. A power cut may undo the count of what was discarded, and bring it back. */
	private missing(lane: number): number {
		return (this.appended[lane] as number) - (this.released[lane] as number) - (this.discarded[lane] as number);
	}

	private drain(): void {
		for (const lane of LANES) {
			this.next(lane);
			while ((this.journal.lanes[lane]?.held ?? 0) > 0) {
				this.finish(lane, "release");
				this.next(lane);
			}
			ok(this.journal.lanes[lane]?.stored === 0, "everything stored can be read");
		}
		this.check();
	}
}
