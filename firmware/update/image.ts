import type { FirmwareSlots, RunningDigest } from "../ports/slots.js";
import type { Release } from "./release.js";

/** What is fetched, written and noted as a whole: a sector of flash. */
export const SECTOR_BYTES = 4_096;

/** What is looked at at once; memory is short where a release is fetched. */
const PIECE_BYTES = 512;

const DIGITS = "0123456789abcdef";

/**
 * The image of a release in the other slot, as far as it is there. Sectors come in any order, each noted when it is
 * written whole; the digest is made of what is read back, from the front, as far as it goes.
 */
export class Image {
	/** How many sectors the image has. */
	readonly count: number;
	/** How many of them are written. */
	written = 0;
	private readonly slots: FirmwareSlots;
	private readonly release: Release;
	/** One bit for each sector, the first sector the highest bit of the first half byte. */
	private readonly halves: Uint8Array;
	private readonly piece = new Uint8Array(PIECE_BYTES);
	private digest: RunningDigest;
	private digested = 0;

	/** @param saved what `saved` gave before a restart; what is not of this image is as good as nothing. */
	constructor(slots: FirmwareSlots, release: Release, saved = "") {
		this.slots = slots;
		this.release = release;
		this.count = Math.ceil(release.size / SECTOR_BYTES);
		this.halves = new Uint8Array(Math.ceil(this.count / 4));
		this.digest = slots.digest();
		if (saved.length === this.halves.length) this.recall(saved);
	}

	/** Which sectors are written, to be kept over a restart: one hexadecimal digit for four. */
	saved(): string {
		let text = "";
		for (const half of this.halves) text += DIGITS.charAt(half);
		return text;
	}

	has(sector: number): boolean {
		return ((this.halves[sector >> 2] as number) & maskOf(sector)) !== 0;
	}

	/** The first sector from `from` on that is not written, or -1. */
	missing(from: number): number {
		for (let sector = from; sector < this.count; sector++) if (!this.has(sector)) return sector;
		return -1;
	}

	/** How many bytes of the image are in this sector. */
	lengthOf(sector: number): number {
		return sector === this.count - 1 ? this.release.size - sector * SECTOR_BYTES : SECTOR_BYTES;
	}

	erase(sector: number): void {
		this.slots.erase(sector);
	}

	/** Writes a sector that was erased, and that was not written since. */
	write(sector: number, bytes: Uint8Array): void {
		this.slots.write(sector * SECTOR_BYTES, bytes);
		this.mark(sector);
	}

	/** A sector is not to be relied on any more: everything is to be looked at again. */
	lose(sector: number): void {
		if (!this.has(sector)) return;
		this.halves[sector >> 2] = (this.halves[sector >> 2] as number) & ~maskOf(sector);
		this.written--;
		this.digest = this.slots.digest();
		this.digested = 0;
	}

	/** The next sector can be looked at. */
	get canDigest(): boolean {
		return this.digested < this.count && this.has(this.digested);
	}

	/** Looks at the next sector as it is in flash. */
	digestNext(): void {
		const end = this.digested * SECTOR_BYTES + this.lengthOf(this.digested);
		for (let at = this.digested * SECTOR_BYTES; at < end; at += PIECE_BYTES) {
			const part = end - at < PIECE_BYTES ? this.piece.subarray(0, end - at) : this.piece;
			this.slots.read(at, part);
			this.digest.write(part);
		}
		this.digested++;
	}

	/** Every sector is written and looked at. */
	get isWhole(): boolean {
		return this.digested === this.count;
	}

	/** Whether it is the image that the release tells of. Asked once, of a whole image. */
	isGenuine(): boolean {
		const digest = this.digest.end();
		return digest.length === 32 && this.release.sha256.every((byte, at) => byte === digest[at]);
	}

	private mark(sector: number): void {
		this.halves[sector >> 2] = (this.halves[sector >> 2] as number) | maskOf(sector);
		this.written++;
	}

	private recall(saved: string): void {
		let sector = 0;
		for (const digit of saved) {
			const half = DIGITS.indexOf(digit);
			for (let bit = 8; bit > 0; bit >>= 1, sector++)
				if (half >= 0 && half & bit && sector < this.count) this.mark(sector);
		}
	}
}

function maskOf(sector: number): number {
	return 8 >> (sector & 3);
}
