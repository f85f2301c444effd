import type { Segments } from "../../ports/segments.js";
import { isWhole, RECORD_OVERHEAD, RELEASE_MARK, RELEASE_MARK_AT, recordLength } from "./layout.js";

/**
 * Reads the record at byte `at` of a segment into the beginning of `into`. Returns its length, 0 when there is none that
 * is whole. Throws when flash cannot be read.
 */
export function readRecord(segments: Segments, place: number, at: number, into: Uint8Array): number {
	if (at + RECORD_OVERHEAD > segments.bytes) return 0;
	segments.read(place, at, into.subarray(0, RECORD_OVERHEAD));
	const length = recordLength(into);
	if (length === 0 || at + length > segments.bytes) return 0;
	segments.read(place, at, into.subarray(0, length));
	return isWhole(into, length) ? length : 0;
}

/** The same; flash that cannot be read holds no record. */
export function readQuietly(segments: Segments, place: number, at: number, into: Uint8Array): number {
	try {
		return readRecord(segments, place, at, into);
	} catch {
		return 0;
	}
}

/** Marks the record at byte `at` as released. Fails in silence: then it comes again after a restart, which is allowed. */
export function markReleased(segments: Segments, place: number, at: number): void {
	try {
		segments.write(place, at + RELEASE_MARK_AT, Uint8Array.of(RELEASE_MARK));
	} catch {
		// see above
	}
}

/** Erases a segment; false when flash fails. */
export function eraseQuietly(segments: Segments, place: number): boolean {
	try {
		segments.erase(place);
		return true;
	} catch {
		return false;
	}
}
