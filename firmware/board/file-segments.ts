import { File } from "file";
import type { Segments } from "../ports/segments.js";

const BYTES = 4_096;
const ERASED = 0xff;

/** A simulator's flash: for each partition of the chip's one file as large. */
export class FileSegments implements Segments {
	readonly count: number;
	private readonly path: string;

	constructor(path: string, count: number) {
		this.path = path;
		this.count = count;
	}

	get bytes(): number {
		return BYTES;
	}

	read(segment: number, at: number, into: Uint8Array): void {
		const file = this.open(false);
		if (file === undefined) {
			into.fill(ERASED);
			return;
		}
		try {
			file.position = segment * BYTES + at;
			into.set(new Uint8Array(file.read(ArrayBuffer, into.length)));
		} finally {
			file.close();
		}
	}

	write(segment: number, at: number, bytes: Uint8Array): void {
		const file = this.open(true) as File;
		try {
			file.position = segment * BYTES + at;
			file.write(bytes.slice().buffer);
		} finally {
			file.close();
		}
	}

	erase(segment: number): void {
		this.write(segment, 0, new Uint8Array(BYTES).fill(ERASED));
	}

	/** Made when something is first written; a file with holes would read as zeros. */
	private open(make: boolean): File | undefined {
		if (File.exists(this.path)) return new File(this.path, true);
		if (!make) return undefined;
		const file = new File(this.path, true);
		const erased = new Uint8Array(BYTES).fill(ERASED).buffer;
		for (let i = 0; i < this.count; i++) file.write(erased);
		return file;
	}
}
