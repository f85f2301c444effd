/**
 * Flash for more than settings: segments that are erased as a whole, to 0xff in every byte, and in which a write can
 * only turn ones into zeros. A power cut ends a write after any of its bytes, and an erase anywhere between what was
 * there and 0xff. All of these throw when flash fails, or for a place that does not exist.
 */
export interface Segments {
	/** Four at least: with fewer, what has to give way is no longer counted exactly. */
	readonly count: number;
	/** Size of each segment in bytes. */
	readonly bytes: number;
	/** Fills `into` with what is stored from byte `at` of a segment on. */
	read(segment: number, at: number, into: Uint8Array): void;
	/** Writes all of `bytes` from byte `at` on, in order, before it returns. */
	write(segment: number, at: number, bytes: Uint8Array): void;
	/** Erases one segment before it returns: some 45 ms on a chip, and one of the 100,000 times that it can be done. */
	erase(segment: number): void;
}
