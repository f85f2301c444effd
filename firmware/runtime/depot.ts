import { reasonOf } from "../model/fault.js";
import type { LogLevel } from "../model/log-level.js";
import type { Board } from "../ports/board.js";
import type { Segments } from "../ports/segments.js";
import { Journal } from "./journal/journal.js";
import type { Lane } from "./journal/lane.js";
import { LANES, PAYLOAD_AT } from "./journal/layout.js";
import type { Packer } from "./packing.js";

/** The classes of what is stored in flash, the most important first. */
export const EVENTS = 0;
export const SAMPLES = 1;

/** Has the flash, if there is any, and is told when it fails. */
export interface DepotOwner {
	readonly board: Pick<Board, "segments">;
	log(line: string, level?: LogLevel): void;
}

/** Of the flash, the part that events and results may take: they drive out measurements up to there. */
const EVENTS_SHARE = 1 / 4;

/**
 * What waits in flash. The journal is in memory only while something does: a device that is online pays nothing for it.
 * A device without flash for it, or with one that fails, works on with what fits in memory.
 */
export class Depot {
	/** Items lost, by class, whether they ever came here or not. */
	readonly dropped: number[] = new Array<number>(LANES).fill(0);
	private readonly owner: DepotOwner;
	private journal: Journal | undefined = undefined;
	private failed = false;
	/** Flash has not been told of all that was lost. */
	private untold = false;

	constructor(owner: DepotOwner) {
		this.owner = owner;
		this.guarded(() => this.open());
		this.closeIfEmpty();
	}

	/** Whether anything can be stored at all. */
	get exists(): boolean {
		return this.segments !== undefined;
	}

	private get segments(): Segments | undefined {
		return this.owner.board.segments;
	}

	/** Items of a class that wait in flash. */
	stored(lane: number): number {
		return this.journal?.lanes[lane]?.stored ?? 0;
	}

	/** Stores what is in `packer`, with this many items. False when it could not. */
	append(lane: number, { bytes, length }: Packer, items: number): boolean {
		if (!this.exists) return false;
		const stored = this.guarded(() => {
			this.open().append(lane, bytes, length, items);
		});
		this.readDropped();
		return stored;
	}

	/** The payload of the oldest record of a class, and its end in `bytes`; undefined when there is none. Lent until it is taken. */
	next(lane: number): { readonly bytes: Uint8Array; readonly at: number; readonly end: number } | undefined {
		if (this.journal === undefined) return undefined;
		const found = this.journal.next(lane);
		this.readDropped();
		const { record, payloadBytes } = this.journal.lanes[lane] as Lane;
		if (!found || record === undefined) return undefined;
		return { bytes: record, at: PAYLOAD_AT, end: PAYLOAD_AT + payloadBytes };
	}

	/** The oldest record of a class is safe elsewhere, or else it is `lost`. */
	taken(lane: number, lost: boolean): void {
		this.untold ||= lost;
		if (lost) this.journal?.discard(lane);
		else this.journal?.release(lane);
		this.readDropped();
		this.closeIfEmpty();
	}

	/** Items were lost before they came here. */
	lose(lane: number, items: number): void {
		if (items === 0) return;
		this.untold = true;
		this.dropped[lane] = (this.dropped[lane] as number) + items;
		this.journal?.lose(lane, items);
	}

	/** Tells flash what was lost since the last time, if anything was. */
	settle(): void {
		if (!this.untold || !this.exists) return;
		this.untold = !this.guarded(() => this.open().tell());
		this.closeIfEmpty();
	}

	private open(): Journal {
		const segments = this.segments;
		if (segments === undefined) throw new Error("there is no flash for it");
		if (this.journal !== undefined) return this.journal;
		const { count } = segments;
		const journal = new Journal(segments, [Math.max(1, Math.floor(count * EVENTS_SHARE)), count - 1]);
		for (const [lane, dropped] of this.dropped.entries()) {
			const told = journal.lanes[lane]?.dropped ?? 0;
			if (dropped > told) journal.lose(lane, dropped - told);
		}
		this.journal = journal;
		this.readDropped();
		return journal;
	}

	private closeIfEmpty(): void {
		const { journal } = this;
		if (journal === undefined || journal.lanes.some(({ stored }) => stored > 0)) return;
		this.guarded(() => journal.tell());
		this.journal = undefined;
	}

	private readDropped(): void {
		for (const [lane, { dropped }] of this.journal?.lanes.entries() ?? []) this.dropped[lane] = dropped;
	}

	private tell(error: unknown): void {
		this.owner.log(`what waits to be sent could not be stored in flash: ${reasonOf(error)}`, "error");
	}

	/** Flash that fails is told of once, and tried again the next time. */
	private guarded(run: () => void): boolean {
		if (this.segments === undefined) return false;
		try {
			run();
			this.failed = false;
			return true;
		} catch (error) {
			if (!this.failed) this.tell(error);
			this.failed = true;
			return false;
		}
	}
}
