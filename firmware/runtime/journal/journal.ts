import type { Segments } from "../../ports/segments.js";
import { Lane } from "./lane.js";
import {
	HEADER_BYTES,
	headerBytes,
	ITEMS_MAX,
	LANES,
	PAYLOAD_BYTES_MAX,
	putUint32,
	RECORD_BYTES_MAX,
	RECORD_OVERHEAD,
	recordBytes,
	recordItems,
} from "./layout.js";
import { Places } from "./places.js";
import { eraseQuietly, markReleased, readQuietly } from "./records.js";
import { Recovery } from "./recovery.js";

/**
 * Queues of records in flash that survive a power cut at any byte, one queue for each class of what is stored: lane 0
 * is the most important. Of each lane one record at a time is read and held in memory, and released once it is safe
 * elsewhere. When flash is full, the oldest segment of the least important lane goes, and when a lane has reached its
 * own limit, its own oldest; what they held is counted. After a power cut a record whose release was under way may come
 * again, so what it holds must identify itself.
 *
 * One segment is always spare: the next is begun, with the new counts in its header, before the oldest is erased, so
 * that whatever a power cut leaves behind adds up.
 */
export class Journal {
	readonly lanes: readonly Lane[];
	private readonly segments: Segments;
	private readonly places: Places;
	/** Of the segment begun last, and its place. */
	private sequence: number;
	private place: number;
	/** Flash has not been told of all that was dropped. */
	private untold = false;

	/** Finds what is stored. `limits`: most segments for each lane. Throws when flash cannot be read. */
	constructor(segments: Segments, limits: readonly number[]) {
		this.segments = segments;
		this.places = new Places(segments.count);
		this.lanes = limits.map((limit) => new Lane(limit));
		const { sequence, place } = new Recovery(segments, this.places, this.lanes);
		this.sequence = sequence;
		this.place = place;
	}

	/** Stores `payload[0..length)`, up to `PAYLOAD_BYTES_MAX` bytes, with 1 to `ITEMS_MAX` items. Throws when flash fails. */
	append(index: number, payload: Uint8Array, length: number, items: number): void {
		if (length > PAYLOAD_BYTES_MAX || items > ITEMS_MAX) throw new Error(`a record of ${length} bytes is too long`);
		const lane = this.lane(index);
		this.write(index, recordBytes(payload, length, items));
		this.places.setItems(lane.newest, this.places.items(lane.newest) + items);
		if (lane.newest === lane.oldest) lane.left += items;
		lane.appended += items;
		lane.stored += items;
	}

	/** Holds the oldest record that is not released, if there is one. What cannot be read is counted as dropped. */
	next(index: number): boolean {
		const lane = this.lane(index);
		while (lane.held === 0 && lane.stored > 0) if (!this.readNext(index, lane)) this.giveUp(index, lane);
		return lane.held > 0;
	}

	/** The held record is safe elsewhere. */
	release(index: number): void {
		const lane = this.lane(index);
		const { held, heldBytes } = lane;
		lane.held = 0;
		lane.heldBytes = 0;
		lane.stored -= held;
		if (heldBytes > 0) {
			markReleased(this.segments, lane.oldest, lane.at);
			lane.at += heldBytes;
			lane.left -= held;
			if (lane.left === 0 && lane.oldest !== lane.newest) this.forgetOldest(index, lane);
		}
		if (lane.stored === 0) lane.record = undefined;
	}

	/** The held record is lost. */
	discard(index: number): void {
		this.lose(index, this.lane(index).held);
		this.release(index);
	}

	/** Items were lost, some of which may never have come here. */
	lose(index: number, items: number): void {
		this.lane(index).dropped += items;
		this.untold = true;
	}

	/** Tells flash what was dropped, so that the counts survive a restart. Throws when flash fails. */
	tell(): void {
		if (!this.untold) return;
		const payload = new Uint8Array(LANES * 4);
		for (let i = 0; i < LANES; i++) putUint32(payload, 4 * i, this.lane(i).dropped);
		this.write(LANES - 1, recordBytes(payload, payload.length, 0));
		this.untold = false;
	}

	private lane(index: number): Lane {
		return this.lanes[index] as Lane;
	}

	private write(index: number, record: Uint8Array): void {
		const lane = this.lane(index);
		if (lane.end === 0 || lane.end + record.length > this.segments.bytes) this.begin(index, this.victim(index, lane));
		const at = lane.end;
		lane.end = 0; // what a write that fails leaves behind is never written after
		this.segments.write(lane.newest, at, record);
		lane.end = at + record.length;
	}

	/** The lane that must give up its oldest segment before `index` may begin another, or -1. */
	private victim(index: number, lane: Lane): number {
		if (this.places.used(index) >= lane.limit) return index;
		if (this.places.free > 1) return -1;
		let least = LANES - 1;
		while (least > index && this.lane(least).oldest < 0) least--;
		return least;
	}

	/** Begins a segment in the spare one; the oldest of lane `victim` then becomes the spare one. */
	private begin(index: number, victim: number): void {
		const place = this.places.freeAfter(this.place);
		if (place < 0) throw new Error("there is no free segment");
		const sequence = this.sequence + 1;
		if (!this.places.isClean(place)) this.segments.erase(place);
		this.places.leave(place, false);
		const dropped = this.lanes.map((lane, i) => lane.dropped + (i === victim ? lane.unheld : 0));
		const kept = this.lanes.map((lane, i) => keptFrom(this.places, i, lane, i === victim) ?? sequence);
		const lane = this.lane(index);
		this.segments.write(place, 0, headerBytes({ lane: index, sequence, appended: lane.appended, dropped, kept }));
		this.sequence = sequence;
		this.place = place;
		this.untold = false;
		this.places.use(place, index, sequence, 0);
		lane.newest = place;
		lane.end = HEADER_BYTES;
		if (lane.oldest < 0) lane.readFrom(place, 0);
		if (victim >= 0) this.dropOldest(victim, this.lane(victim));
	}

	private dropOldest(index: number, lane: Lane): void {
		const lost = lane.unheld;
		lane.stored -= lost;
		lane.dropped += lost;
		lane.heldBytes = 0; // a record that is held stays, in memory
		this.forgetOldest(index, lane);
	}

	/** The oldest segment of a lane is of no use any more. */
	private forgetOldest(index: number, lane: Lane): void {
		const place = lane.oldest;
		const next = this.places.next(index, this.places.sequence(place));
		this.places.leave(place, eraseQuietly(this.segments, place));
		if (next < 0) lane.leave();
		else lane.readFrom(next, this.places.items(next));
	}

	/** Holds the next record of the oldest segment, or passes over what holds none. False when nothing can be read. */
	private readNext(index: number, lane: Lane): boolean {
		if (lane.left === 0) {
			if (lane.oldest === lane.newest) return false;
			this.forgetOldest(index, lane);
			return true;
		}
		lane.record ??= new Uint8Array(RECORD_BYTES_MAX);
		const length = readQuietly(this.segments, lane.oldest, lane.at, lane.record);
		const items = recordItems(lane.record);
		if (length === 0 || items > lane.left) return false;
		if (items === 0) lane.at += length;
		else lane.heldBytes = length;
		lane.held = items;
		lane.payloadBytes = length - RECORD_OVERHEAD;
		return true;
	}

	/** Nothing more can be read from the oldest segment. */
	private giveUp(index: number, lane: Lane): void {
		try {
			this.begin(index, index);
		} catch {
			this.untold = true;
			this.dropOldest(index, lane);
		}
	}
}

/** Sequence number of the oldest segment that a lane has, or will have when it loses its oldest; undefined for none. */
function keptFrom(places: Places, index: number, lane: Lane, losing: boolean): number | undefined {
	if (lane.oldest < 0) return undefined;
	const oldest = places.sequence(lane.oldest);
	const place = losing ? places.next(index, oldest) : lane.oldest;
	return place < 0 ? undefined : places.sequence(place);
}
