import type { Segments } from "../../firmware/ports/segments.js";
import { type Check, equal, ok, throws } from "./checks.js";

/** Flash that can be looked at as after a restart of its board. */
export interface SegmentsEnvironment {
	readonly segments: Segments;
	/** The same flash, seen by the next start of the board. */
	reopen(): Segments;
}

/** What all flash for more than settings must do. `make` gives an erased one for each check. */
export function segmentsContract(make: () => SegmentsEnvironment): Check[] {
	return [
		{ name: "has several segments, all erased at first", run: () => begins(make()) },
		{ name: "gives back what was written, also after a restart", run: () => writes(make()) },
		{ name: "clears bits where they stand", run: () => clears(make()) },
		{ name: "erases one segment and no other", run: () => erases(make()) },
		{ name: "refuses places that do not exist", run: () => refuses(make()) },
	];
}

function read(segments: Segments, segment: number, at: number, count: number): number[] {
	const into = new Uint8Array(count);
	segments.read(segment, at, into);
	return [...into];
}

function begins({ segments }: SegmentsEnvironment): void {
	ok(segments.count >= 4 && segments.bytes >= 256, "it has 4 segments of 256 bytes at least");
	for (const segment of [0, segments.count - 1]) {
		equal(read(segments, segment, segments.bytes - 2, 2), [255, 255], `the end of segment ${segment}`);
	}
}

function writes({ segments, reopen }: SegmentsEnvironment): void {
	const last = segments.count - 1;
	segments.write(0, 0, Uint8Array.of(1, 2, 3));
	segments.write(0, 3, Uint8Array.of(4, 0, 255));
	segments.write(last, segments.bytes - 1, Uint8Array.of(9));
	segments.write(1, 0, new Uint8Array(segments.bytes).fill(7).subarray(10, 12));
	for (const now of [segments, reopen()]) {
		equal(read(now, 0, 0, 7), [1, 2, 3, 4, 0, 255, 255], "what was written");
		equal(read(now, 0, 1, 2), [2, 3], "a part of it");
		equal(read(now, last, now.bytes - 1, 1), [9], "the very last byte");
		equal(read(now, 1, 0, 3), [7, 7, 255], "a part of a larger block");
	}
}

function clears({ segments }: SegmentsEnvironment): void {
	segments.write(2, 5, Uint8Array.of(0xff, 0xf0, 0x55));
	segments.write(2, 5, Uint8Array.of(0x0f));
	segments.write(2, 7, Uint8Array.of(0x00));
	equal(read(segments, 2, 5, 3), [0x0f, 0xf0, 0x00], "the bytes");
}

function erases({ segments, reopen }: SegmentsEnvironment): void {
	for (const segment of [0, 1, 2]) segments.write(segment, 8, Uint8Array.of(0, 1, 2));
	segments.erase(1);
	segments.erase(3);
	for (const now of [segments, reopen()]) {
		equal(
			[0, 1, 2].map((segment) => read(now, segment, 9, 1)),
			[[1], [255], [1]],
			"one byte of each",
		);
	}
	segments.write(1, 8, Uint8Array.of(5));
	equal(read(segments, 1, 8, 2), [5, 255], "what was written after the erase");
}

function refuses({ segments }: SegmentsEnvironment): void {
	const { count, bytes } = segments;
	for (const [segment, at] of [
		[-1, 0],
		[count, 0],
		[0, -1],
		[0, bytes - 1],
	] as const) {
		throws(() => segments.read(segment, at, new Uint8Array(2)), `reading segment ${segment} at ${at}`);
		throws(() => segments.write(segment, at, new Uint8Array(2)), `writing segment ${segment} at ${at}`);
	}
	throws(() => segments.erase(count), "erasing a segment that is not there");
}
