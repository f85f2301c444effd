import { backoffMs, randomFraction } from "../net/backoff.js";
import { reasonOf } from "../net/mishap.js";
import type { Board } from "../ports/board.js";
import type { Image } from "./image.js";
import type { SectorSource, SectorTaker } from "./source.js";

/** Is told how it goes. */
export interface FetchHandler {
	/** One more sector is written. */
	onWritten(): void;
	/** It goes on later, in so many milliseconds. */
	onDelay(reason: string): void;
}

const NEVER = Number.POSITIVE_INFINITY;
const STEP_MS = 1; // between two steps everything else has its turn: an erase takes 45 ms
const CEILING_MS = 600_000;

/**
 * `erasing`: the sectors that are asked for next, one a step. `asked`: they are on their way. `pausing`: something went
 * wrong. `fetched`: all are written. `off`: not for now.
 */
type State = "off" | "erasing" | "asked" | "pausing" | "fetched";

/**
 * Brings the sectors of an image from where they are into the flash, some at a time, and looks at each as soon as all
 * before it are there. Never gives up: what goes wrong is tried again, ever less often, up to every ten minutes.
 */
export class Fetcher implements SectorTaker {
	state: State = "off";
	private readonly board: Board;
	private readonly image: Image;
	private readonly handler: FetchHandler;
	private source: SectorSource | undefined = undefined;
	private wanted: number[] = [];
	private erased = 0;
	private failures = 0;
	private stepMs = 0;

	constructor(board: Board, image: Image, handler: FetchHandler) {
		this.board = board;
		this.image = image;
		this.handler = handler;
	}

	get dueMs(): number {
		const isBusy = this.state === "erasing" || this.state === "pausing" || this.image.canDigest;
		const stepMs = isBusy ? this.stepMs : NEVER;
		return this.state === "asked" ? Math.min(stepMs, this.source?.dueMs ?? NEVER) : stepMs;
	}

	/** Begins, or begins again at once, with what is missing. */
	start(source: SectorSource): void {
		this.source = source;
		this.failures = 0;
		this.choose();
	}

	/** Goes no further until the next start. */
	stop(): void {
		this.source?.close();
		this.source = undefined;
		this.state = "off";
	}

	run(nowMs: number): void {
		if (this.state === "asked" && this.source !== undefined && this.source.dueMs <= nowMs) this.source.run(nowMs);
		if (nowMs < this.stepMs) return;
		this.stepMs = nowMs + STEP_MS;
		if (this.image.canDigest) this.image.digestNext();
		else if (this.state === "erasing") this.prepare();
		else if (this.state === "pausing") this.choose();
	}

	lengthOf(sector: number): number {
		return sector < this.image.count ? this.image.lengthOf(sector) : 0;
	}

	onSector(sector: number, bytes: Uint8Array): void {
		const place = this.wanted.indexOf(sector);
		if (this.state !== "asked" || place < 0) return;
		try {
			this.image.write(sector, bytes);
		} catch (error) {
			this.onTrouble(`the flash cannot be written: ${reasonOf(error)}`);
			return;
		}
		this.wanted.splice(place, 1);
		this.failures = 0;
		if (this.wanted.length === 0) this.choose();
		this.handler.onWritten();
	}

	onTrouble(reason: string): void {
		this.source?.close();
		this.state = "pausing";
		this.stepMs = this.board.clock.monotonicMs() + backoffMs(this.failures++, randomFraction(this.board), CEILING_MS);
		this.handler.onDelay(reason);
	}

	/** What is asked for next. */
	private choose(): void {
		this.wanted = [];
		this.erased = 0;
		const { image, source } = this;
		const most = source?.window ?? 0;
		for (let sector = image.missing(0); sector >= 0 && this.wanted.length < most; sector = image.missing(sector + 1))
			this.wanted.push(sector);
		this.state = this.wanted.length === 0 ? "fetched" : "erasing";
		this.stepMs = this.board.clock.monotonicMs() + STEP_MS;
		if (this.state === "fetched") source?.close();
	}

	private prepare(): void {
		const sector = this.wanted[this.erased++];
		try {
			if (sector !== undefined) this.image.erase(sector);
		} catch (error) {
			this.onTrouble(`the flash cannot be erased: ${reasonOf(error)}`);
			return;
		}
		if (this.erased < this.wanted.length) return;
		this.state = "asked";
		this.source?.ask(this.wanted);
	}
}
