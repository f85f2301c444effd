import type { Segments } from "../../ports/segments.js";
import type { Lane } from "./lane.js";
import {
	HEADER_BYTES,
	type Header,
	isReleased,
	PAYLOAD_AT,
	RECORD_BYTES_MAX,
	readDropped,
	readHeader,
	recordItems,
	recordLength,
} from "./layout.js";
import type { Places } from "./places.js";
import { readRecord } from "./records.js";

const HEAD_BYTES = 4;
const ERASED = 0xff;

/** Finds out what a journal holds in flash, whatever a power cut left there. Throws when flash cannot be read. */
export class Recovery {
	/** Sequence number of the newest segment; 0 when there is none. */
	sequence = 0;
	/** Where that segment is. */
	place = 0;
	private readonly segments: Segments;
	private readonly places: Places;
	private readonly lanes: readonly Lane[];
	private readonly header = new Uint8Array(HEADER_BYTES);
	private readonly record = new Uint8Array(RECORD_BYTES_MAX);

	constructor(segments: Segments, places: Places, lanes: readonly Lane[]) {
		this.segments = segments;
		this.places = places;
		this.lanes = lanes;
		this.findSegments();
		for (let i = 0; i < lanes.length; i++) this.recover(i, lanes[i] as Lane);
	}

	private findSegments(): void {
		let newest: Header | undefined;
		for (let place = 0; place < this.places.count; place++) {
			const header = this.readHeader(place);
			if (header === undefined) continue;
			this.places.use(place, header.lane, header.sequence, 0);
			if (header.sequence <= this.sequence) continue;
			this.sequence = header.sequence;
			this.place = place;
			newest = header;
		}
		if (newest !== undefined) this.forgetStale(newest);
	}

	/** What the newest header no longer counts was about to be erased. */
	private forgetStale({ kept, dropped }: Header): void {
		for (let i = 0; i < this.lanes.length; i++) {
			(this.lanes[i] as Lane).dropped = dropped[i] ?? 0;
			const first = kept[i] ?? 0;
			for (let place = this.places.next(i, 0); place >= 0; place = this.places.next(i, 0)) {
				if (this.places.sequence(place) >= first) break;
				this.places.leave(place, false);
			}
		}
	}

	private recover(index: number, lane: Lane): void {
		lane.newest = this.places.newest(index);
		if (lane.newest < 0) return;
		this.readNewest(lane);
		this.countItems(index, lane);
		this.findOldest(index, lane);
		let after = this.places.sequence(lane.oldest);
		lane.stored = lane.left;
		for (let place = this.places.next(index, after); place >= 0; place = this.places.next(index, after)) {
			lane.stored += this.places.items(place);
			after = this.places.sequence(place);
		}
	}

	/** A segment of which everything is released was about to be erased. */
	private findOldest(index: number, lane: Lane): void {
		const { at, left } = lane;
		for (let place = this.places.next(index, 0); place !== lane.newest; place = this.places.next(index, 0)) {
			this.skipReleased(lane, place);
			if (lane.left > 0) return;
			this.places.leave(place, false);
		}
		lane.readFrom(lane.newest, left);
		lane.at = at;
	}

	/** Walks through the newest segment to its clean end: only there can a power cut have torn something. */
	private readNewest(lane: Lane): void {
		const place = lane.newest;
		lane.appended = this.readHeader(place)?.appended ?? 0;
		lane.readFrom(place, 0);
		let items = 0;
		let at = HEADER_BYTES;
		for (let length = this.readWhole(place, at); length > 0; length = this.readWhole(place, at)) {
			if (recordItems(this.record) === 0) this.hearDropped();
			at += length;
			items += recordItems(this.record);
			if (isReleased(this.record))
				lane.at = at; // they are released in order
			else lane.left += recordItems(this.record);
		}
		this.places.setItems(place, items);
		lane.appended += items;
		lane.end = this.isCleanFrom(place, at) ? at : 0;
	}

	private hearDropped(): void {
		const told = readDropped(this.record, PAYLOAD_AT);
		for (let i = 0; i < this.lanes.length; i++) {
			const lane = this.lanes[i] as Lane;
			lane.dropped = Math.max(lane.dropped, told[i] ?? 0);
		}
	}

	/** How many items an older segment got follows from the header of the next. */
	private countItems(index: number, lane: Lane): void {
		for (let place = this.places.next(index, 0); place !== lane.newest; ) {
			const next = this.places.next(index, this.places.sequence(place));
			const before = this.readHeader(place)?.appended ?? 0;
			this.places.setItems(place, Math.max(0, (this.readHeader(next)?.appended ?? before) - before));
			place = next;
		}
	}

	private skipReleased(lane: Lane, place: number): void {
		lane.readFrom(place, this.places.items(place));
		for (let head = this.readHead(place, lane.at); head !== undefined; head = this.readHead(place, lane.at)) {
			const length = recordLength(head);
			const items = recordItems(head);
			if (length === 0 || items > lane.left || (items > 0 && !isReleased(head))) return;
			lane.at += length;
			lane.left -= items;
		}
	}

	private readHeader(place: number): Header | undefined {
		this.segments.read(place, 0, this.header);
		return readHeader(this.header);
	}

	private readHead(place: number, at: number): Uint8Array | undefined {
		if (at + HEAD_BYTES > this.segments.bytes) return undefined;
		const head = this.record.subarray(0, HEAD_BYTES);
		this.segments.read(place, at, head);
		return head;
	}

	private readWhole(place: number, at: number): number {
		return readRecord(this.segments, place, at, this.record);
	}

	/** Whether nothing was written from `start` on: a power cut may have left any part of a record there. */
	private isCleanFrom(place: number, start: number): boolean {
		for (let at = start; at < this.segments.bytes; at += RECORD_BYTES_MAX) {
			const piece = this.record.subarray(0, Math.min(RECORD_BYTES_MAX, this.segments.bytes - at));
			this.segments.read(place, at, piece);
			for (let i = 0; i < piece.length; i++) if (piece[i] !== ERASED) return false;
		}
		return true;
	}
}
