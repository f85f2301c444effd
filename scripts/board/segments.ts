import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Segments } from "../../firmware/ports/segments.js";
import { makePrivateFolder } from "../private-files.js";

const COUNT = 64; // the same 256 KB as on the chip, so that what fits here fits there
const BYTES = 4_096;
const ERASED = 0xff;

/** The board's flash for what waits to be sent: one file, which behaves as flash does. */
export class FileSegments implements Segments {
	readonly count = COUNT;
	readonly bytes = BYTES;
	readonly #path: string;

	constructor(path: string) {
		this.#path = path;
	}

	read(segment: number, at: number, into: Uint8Array): void {
		const from = place(segment, at, into.length);
		into.fill(ERASED);
		this.#use((file) => readSync(file, into, 0, into.length, from));
	}

	write(segment: number, at: number, bytes: Uint8Array): void {
		const before = new Uint8Array(bytes.length);
		this.read(segment, at, before);
		if (bytes.some((byte, i) => ((before[i] as number) & byte) !== byte)) {
			throw new Error(`byte ${at} and those behind it in segment ${segment} were not erased`);
		}
		this.#put(place(segment, at, bytes.length), bytes);
	}

	erase(segment: number): void {
		this.#put(place(segment, 0, BYTES), new Uint8Array(BYTES).fill(ERASED));
	}

	#put(from: number, bytes: Uint8Array): void {
		this.#use((file) => {
			writeSync(file, bytes, 0, bytes.length, from);
			fdatasyncSync(file);
		});
	}

	/** Opened each time: it is seldom used, and a board may be left without a word. */
	#use(run: (file: number) => void): void {
		const file = this.#open();
		try {
			run(file);
		} finally {
			closeSync(file);
		}
	}

	#open(): number {
		try {
			return openSync(this.#path, "r+");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
			return this.#make();
		}
	}

	/** A file with holes would read as zeros. */
	#make(): number {
		makePrivateFolder(dirname(this.#path));
		const file = openSync(this.#path, "w+", 0o600);
		writeSync(file, new Uint8Array(COUNT * BYTES).fill(ERASED));
		return file;
	}
}

function place(segment: number, at: number, length: number): number {
	const exists = Number.isInteger(segment) && segment >= 0 && segment < COUNT;
	if (!exists || !Number.isInteger(at) || at < 0 || at + length > BYTES) {
		throw new Error(`there are no ${length} bytes at ${at} of segment ${segment}`);
	}
	return segment * BYTES + at;
}
