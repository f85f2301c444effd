import storage, { type Flash } from "embedded:storage/flash";
import type { Segments } from "../ports/segments.js";

/** A partition of the chip's flash. Throws when opened where the partition table has none: see manifests/common. */
export class FlashSegments implements Segments {
	readonly count: number;
	readonly bytes: number;
	private readonly flash: Flash;

	/** @param partition its name */
	constructor(partition: string) {
		this.flash = storage.open({ path: partition, mode: "r+" });
		const { blocks, blockLength } = this.flash.status();
		this.count = blocks;
		this.bytes = blockLength;
	}

	read(segment: number, at: number, into: Uint8Array): void {
		this.flash.read(into, segment * this.bytes + at);
	}

	write(segment: number, at: number, bytes: Uint8Array): void {
		this.flash.write(bytes, segment * this.bytes + at);
	}

	erase(segment: number): void {
		this.flash.eraseBlock(segment);
	}
}
