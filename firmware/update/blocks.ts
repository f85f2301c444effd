import type { Clock } from "../ports/clock.js";
import type { SectorSource, SectorTaker } from "./source.js";

/** Before the bytes of a block: the beginning of the image's digest, and the block's number, both big-endian. */
export const BLOCK_HEAD_BYTES = 8;
const DIGEST_BYTES = 4;
const WINDOW = 4; // 16 KB on their way at once
const ANSWER_MS = 15_000;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * An image in MQTT messages, a block for each sector. The device asks for the blocks that it misses; whoever has the image
 * publishes them, and what nobody asked for is left alone.
 */
export class BlockSource implements SectorSource {
	dueMs = NEVER;
	private readonly clock: Clock;
	private readonly sha256: Uint8Array;
	private readonly taker: SectorTaker;
	/** Publishes which blocks are wanted. */
	private readonly publish: (blocks: readonly number[]) => void;

	constructor(clock: Clock, sha256: Uint8Array, taker: SectorTaker, publish: (blocks: readonly number[]) => void) {
		this.clock = clock;
		this.sha256 = sha256;
		this.taker = taker;
		this.publish = publish;
	}

	get window(): number {
		return WINDOW;
	}

	ask(sectors: readonly number[]): void {
		this.dueMs = this.clock.monotonicMs() + ANSWER_MS;
		this.publish(sectors);
	}

	run(nowMs: number): void {
		if (nowMs < this.dueMs) return;
		this.dueMs = NEVER;
		this.taker.onTrouble("nobody sends the blocks that were asked for");
	}

	close(): void {
		this.dueMs = NEVER;
	}

	/** A message came: one block, or anything at all. */
	onBlock(payload: Uint8Array): void {
		if (payload.length <= BLOCK_HEAD_BYTES) return;
		for (let at = 0; at < DIGEST_BYTES; at++) if (payload[at] !== this.sha256[at]) return; // of another image
		let sector = 0;
		for (let at = DIGEST_BYTES; at < BLOCK_HEAD_BYTES; at++) sector = sector * 256 + (payload[at] as number);
		if (payload.length - BLOCK_HEAD_BYTES !== this.taker.lengthOf(sector)) return;
		this.taker.onSector(sector, payload.subarray(BLOCK_HEAD_BYTES));
	}
}
