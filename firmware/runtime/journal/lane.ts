import { HEADER_BYTES } from "./layout.js";

/** One queue of a journal: how much it holds, where it is read and where it is written. */
export class Lane {
	/** Items that are not released, those of the held record included. */
	stored = 0;
	/** Items lost, of all time as far as flash has been told. */
	dropped = 0;
	/** Items of all time. */
	appended = 0;
	/** Segments in use; -1 when there are none. */
	oldest = -1;
	newest = -1;
	/** Where the next record goes in the newest segment; 0: another must be begun first. */
	end = 0;
	/** Where the first record that is not released begins in the oldest segment, and the items from there on. */
	at = HEADER_BYTES;
	left = 0;
	/** Items of the record that is held in memory; 0: none is. */
	held = 0;
	/** Length of the held record in flash; 0 when its segment had to go. */
	heldBytes = 0;
	/** The held record from its beginning; the rest means nothing. */
	record: Uint8Array | undefined = undefined;
	/** Length of what that record carries. */
	payloadBytes = 0;
	/** Most segments that this lane may use. */
	readonly limit: number;

	constructor(limit: number) {
		this.limit = limit;
	}

	/** Items of the oldest segment that would be lost with it. */
	get unheld(): number {
		return this.heldBytes > 0 ? this.left - this.held : this.left;
	}

	/** Reading goes on at the beginning of `place`, where `items` are. */
	readFrom(place: number, items: number): void {
		this.oldest = place;
		this.at = HEADER_BYTES;
		this.left = items;
	}

	/** Nothing is in flash any more. */
	leave(): void {
		this.oldest = -1;
		this.newest = -1;
		this.end = 0;
		this.left = 0;
	}
}
