/** Where the sectors of an image come from. */
export interface SectorSource {
	/** How many sectors may be asked for at once. */
	readonly window: number;
	/** When what was asked for is given up; monotonic milliseconds. */
	readonly dueMs: number;
	run(nowMs: number): void;
	/** Asks for these sectors. */
	ask(sectors: readonly number[]): void;
	/** Nothing is asked for any more. */
	close(): void;
}

/** Whoever puts them together. */
export interface SectorTaker {
	/** How many bytes of the image are in this sector. */
	lengthOf(sector: number): number;
	/** One sector, whole; lent until the call returns. */
	onSector(sector: number, bytes: Uint8Array): void;
	/** What was asked for does not come, in plain words. */
	onTrouble(reason: string): void;
}
