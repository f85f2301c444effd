import type { UpdateHost } from "../model/updates.js";
import { readHttpsUrl } from "../net/https-url.js";
import { reasonOf } from "../net/mishap.js";
import type { FirmwareSlots } from "../ports/slots.js";
import { BlockSource } from "./blocks.js";
import { Fetcher, type FetchHandler } from "./fetcher.js";
import { Image } from "./image.js";
import type { Job, Notes } from "./notes.js";
import { RangeSource } from "./ranges.js";
import type { Release } from "./release.js";
import type { ReportDetail } from "./report.js";
import { isSafeMode } from "./safe-mode.js";
import type { SectorSource } from "./source.js";
import { ANY_PART } from "./trial.js";

const LOOK_MS = 1_000;
const SAVE_SECTORS = 8; // what a power cut costs at most: 32 KB to be fetched again
const TENTHS = 10; // reports on the way of a download over HTTPS

/** Whoever ordered it. */
export interface InstallationOwner {
	readonly host: UpdateHost;
	readonly slots: FirmwareSlots;
	readonly notes: Notes;
	/** Publishes how it goes. */
	tell(state: string, detail: ReportDetail): void;
	/** It failed: nothing of it is needed any more. */
	end(state: string, detail: ReportDetail): void;
}

/**
 * One release on its way into the other slot. `fetching`: sectors are missing, or to be looked at. `waiting`: the image is
 * whole and genuine, and an output is away from its safe state. `restarting`: the image is what starts next.
 */
export class Installation implements FetchHandler {
	state: "fetching" | "waiting" | "restarting" = "fetching";
	readonly release: Release;
	private readonly owner: InstallationOwner;
	private readonly url: string;
	private readonly image: Image;
	private readonly fetcher: Fetcher;
	private blocks: BlockSource | undefined = undefined;
	private lookMs = 0;
	private unsaved = 0;
	private tenth = 0;
	/** What it was told to wait for last. */
	private obstacle = "";

	constructor(owner: InstallationOwner, release: Release, { url }: Job) {
		this.owner = owner;
		this.release = release;
		this.url = url;
		this.image = new Image(owner.slots, release, owner.notes.sectors);
		this.fetcher = new Fetcher(owner.host.board, this.image, this);
		this.onProgress();
	}

	get dueMs(): number {
		return this.state === "restarting" ? Number.POSITIVE_INFINITY : Math.min(this.lookMs, this.fetcher.dueMs);
	}

	run(nowMs: number): void {
		if (this.state === "fetching") this.fetcher.run(nowMs);
		if (nowMs < this.lookMs || this.state === "restarting") return;
		this.lookMs = nowMs + LOOK_MS;
		if (this.state === "fetching") this.look();
		else this.activate();
	}

	onBlock(payload: Uint8Array): void {
		this.blocks?.onBlock(payload);
	}

	/** Asks for nothing more for now, and notes what is there. */
	pause(): void {
		this.fetcher.stop();
		if (this.state === "fetching") this.save();
	}

	onWritten(): void {
		this.obstacle = "";
		if (++this.unsaved >= SAVE_SECTORS) this.save();
		const tenth = Math.floor((this.image.written * TENTHS) / this.image.count);
		if (this.blocks === undefined && tenth !== this.tenth) this.onProgress();
		this.tenth = tenth;
	}

	onDelay(reason: string): void {
		this.explain("fetching", reason);
	}

	private onProgress(blocks?: readonly number[]): void {
		const { written, count } = this.image;
		this.owner.tell("fetching", { version: this.release.version, done: written, of: count, blocks });
	}

	/** Says why it does not go on, once for each reason. */
	private explain(state: string, reason: string): void {
		if (reason !== this.obstacle) this.owner.tell(state, { version: this.release.version, reason });
		this.obstacle = reason;
	}

	private save(): void {
		this.unsaved = 0;
		this.owner.notes.sectors = this.image.saved();
	}

	/** Without a broker there is nothing to be had, and nobody to be told. */
	private look(): void {
		const { online } = this.owner.host;
		if (!online) this.fetcher.stop();
		else if (this.fetcher.state === "off")
			this.fetcher.start(this.url === "" ? this.blockSource() : this.rangeSource());
		if (!this.image.isWhole) return;
		if (!this.image.isGenuine()) {
			this.fail("what came is not the image that was signed");
			return;
		}
		this.pause();
		this.state = "waiting";
		this.activate();
	}

	/**
	 * Lets it start next, unless an output is at work. The first sector is noted as missing before it may be touched: a
	 * power cut then costs that sector, and no image is ever taken for whole that is not.
	 */
	private activate(): void {
		const { host, slots, notes } = this.owner;
		const busy = host.busy();
		if (busy.length > 0) {
			this.explain("waiting", `${busy.join(", ")} not in the safe state: it goes on as soon as that is so`);
			return;
		}
		const { version, issued } = this.release;
		const { trial } = notes;
		const stale = isSafeMode(host.board) ? [ANY_PART] : host.stale();
		const tries = trial?.issued === issued ? trial.tries + 1 : 1;
		this.image.lose(0);
		this.save();
		notes.trial = { version, issued, tries, wasRejected: slots.rejected, stale, why: "" };
		try {
			slots.select();
		} catch (error) {
			notes.trial = undefined;
			this.fail(`the chip does not take the image: ${reasonOf(error)}`);
			return;
		}
		this.state = "restarting";
		this.owner.tell("restarting", { version });
		host.restart();
	}

	private fail(reason: string): void {
		this.owner.end("failed", { version: this.release.version, reason });
	}

	private blockSource(): SectorSource {
		const { board } = this.owner.host;
		this.blocks = new BlockSource(board.clock, this.release.sha256, this.fetcher, (wanted) => this.onProgress(wanted));
		return this.blocks;
	}

	private rangeSource(): SectorSource {
		const { board, trust } = this.owner.host;
		const place = readHttpsUrl(this.url);
		if (place === undefined) throw new Error(`${this.url} is no address`);
		return new RangeSource(board, place, trust.roots, this.release.size, this.fetcher);
	}
}
