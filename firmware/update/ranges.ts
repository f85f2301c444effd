import type { HttpsPlace } from "../net/https-url.js";
import { RangeClient, type RangeHandler } from "../net/range-client.js";
import type { Board } from "../ports/board.js";
import { SECTOR_BYTES } from "./image.js";
import type { SectorSource, SectorTaker } from "./source.js";

/** An image on a web server, asked for a sector at a time: larger TLS records would not fit into a chip's memory. */
export class RangeSource implements SectorSource, RangeHandler {
	private readonly client: RangeClient;
	private readonly size: number;
	private readonly taker: SectorTaker;
	private sector = 0;

	constructor(board: Board, place: HttpsPlace, roots: readonly Uint8Array[], size: number, taker: SectorTaker) {
		this.client = new RangeClient(board, place, roots, SECTOR_BYTES, this);
		this.size = size;
		this.taker = taker;
	}

	get window(): number {
		return 1;
	}

	get dueMs(): number {
		return this.client.dueMs;
	}

	run(nowMs: number): void {
		this.client.run(nowMs);
	}

	ask([sector = 0]: readonly number[]): void {
		this.sector = sector;
		this.client.ask({ first: sector * SECTOR_BYTES, count: this.taker.lengthOf(sector), total: this.size });
	}

	close(): void {
		this.client.close();
	}

	onRange(bytes: Uint8Array, count: number): void {
		this.taker.onSector(this.sector, bytes.subarray(0, count));
	}

	onRangeFailed(reason: string): void {
		this.taker.onTrouble(reason);
	}
}
