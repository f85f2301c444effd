import type { Board } from "../ports/board.js";
import type { ClockOrigins } from "./clock-origins.js";
import { type Depot, EVENTS } from "./depot.js";
import { PAYLOAD_BYTES_MAX } from "./journal/layout.js";
import { readLetter, writeLetter } from "./letter-record.js";
import { Packer } from "./packing.js";
import type { Task } from "./scheduler.js";
import { timeJson } from "./time.js";

/** One event or result on its way out. */
export interface Letter {
	/** The whole topic. */
	readonly topic: string;
	/** JSON; of an event without its time and its last brace. */
	readonly payload: string;
	/** When an event happened, on the monotonic clock; its time is worked out when it is sent. */
	readonly atMs?: number | undefined;
	/** When that clock stood at 0, null where nobody knows; left out for the clock of this boot. */
	readonly originMs?: number | null | undefined;
	readonly correlationData?: Uint8Array | undefined;
}

/** The letter as it goes out; `nowOriginMs` is when the clock of this boot stood at 0, undefined while nobody knows. */
export function letterJson(
	{ payload, atMs, originMs }: Omit<Letter, "topic">,
	nowOriginMs: number | undefined,
): string {
	if (atMs === undefined) return payload;
	const from = originMs === undefined ? nowOriginMs : originMs;
	return `${payload},"time":${timeJson(from ?? undefined, atMs)}}`;
}

/** Letters kept in memory; more go to flash, or drop the oldest where there is none. */
const LETTERS_MAX = 16;
/** So many may gather within one callback: what one segment of a network can bring of commands. */
const FLOOD_MAX = 64;
/** Without a broker, letters go to flash after this time, so that several share one moment of writing. */
const SAVE_MS = 5_000;

/** In flash: most of the time no letter is in memory, and then none takes any. */
const NONE: readonly Letter[] = Object.freeze<Letter[]>([]);

/** What a mailbox works with, and looks up there each time: a copy would cost memory. */
export interface MailboxNeeds {
	readonly board: Pick<Board, "text">;
	readonly boot: number;
	/** Begins every topic of this device. */
	readonly prefix: string;
	readonly depot: Depot;
	readonly origins: ClockOrigins;
}

/**
 * Events and results in order, each kept until the broker has acknowledged it. The first may lie in flash (`stored`), be
 * in memory, or be on its way.
 */
export class Mailbox implements Task {
	/** When the letters in memory are to be written to flash. */
	dueMs = Number.POSITIVE_INFINITY;
	/** What is on its way: the oldest letter in flash, the first in memory, or one that went from there to flash meanwhile. */
	private out: "nothing" | "stored" | "first" | "saved" = "nothing";
	private online = false;
	private letters: readonly Letter[] = NONE;
	/** The oldest letter in flash, when it has been read. */
	private stored: Letter | undefined = undefined;
	private readonly needs: MailboxNeeds;

	constructor(needs: MailboxNeeds) {
		this.needs = needs;
	}

	/** How many wait, the one on its way included. */
	get waiting(): number {
		return this.letters.length + this.depot.stored(EVENTS);
	}

	/** Keeps a letter, which was written at `nowMs`. */
	put(letter: Letter, nowMs: number): void {
		// At the end of this callback: writing from the depth of a command would take more stack than the chips have.
		if (this.letters.length >= LETTERS_MAX && this.depot.exists) this.dueMs = nowMs;
		if (this.letters.length === FLOOD_MAX) this.save();
		if (this.letters.length === (this.depot.exists ? FLOOD_MAX : LETTERS_MAX)) {
			const given = this.out === "first" ? 1 : 0;
			this.letters = this.letters.filter((_, at) => at !== given);
			this.depot.lose(EVENTS, 1);
		}
		this.letters = [...this.letters, letter];
		if (!this.online) this.dueMs = Math.min(this.dueMs, nowMs + SAVE_MS);
	}

	/** The broker came into reach. */
	begin(): void {
		this.online = true;
		this.dueMs = Number.POSITIVE_INFINITY;
	}

	/** The broker is out of reach; nothing is in flight any more. */
	end(nowMs: number): void {
		this.online = false;
		this.giveUpAnswer();
		this.out = "nothing";
		if (this.letters.length > 0) this.dueMs = Math.min(this.dueMs, nowMs + SAVE_MS);
	}

	run(nowMs: number): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		if (!this.save() && this.depot.exists) this.dueMs = nowMs + SAVE_MS;
	}

	/** Writes every letter to flash, the one on its way included: it may then come twice. False when flash fails. */
	save(): boolean {
		if (!this.depot.exists || this.letters.length === 0) return this.letters.length === 0;
		const packer = new Packer(new Uint8Array(PAYLOAD_BYTES_MAX));
		for (let letter = this.letters[0]; letter !== undefined; letter = this.letters[0]) {
			const originMs = this.origins.now();
			writeLetter(letter, this.needs.boot, originMs, this.needs.board.text, packer);
			if (!packer.fits) this.depot.lose(EVENTS, 1);
			else if (!this.depot.append(EVENTS, packer, 1)) return false;
			else this.origins.stored(originMs);
			this.dropFirst();
			if (this.out === "first") this.out = "saved";
		}
		this.depot.settle();
		return true;
	}

	/** The oldest letter; undefined while one is on its way. It stays first until `taken`. */
	first(): Letter | undefined {
		if (this.out !== "nothing") return undefined;
		return this.firstStored() ?? this.letters[0];
	}

	/** The letter that `first` gave was sent. */
	sent(): void {
		this.out = this.stored === undefined ? "first" : "stored";
	}

	/** The broker has the letter that was sent, or refuses it and would again. */
	taken(refused: boolean): void {
		const { out } = this;
		this.out = "nothing";
		if (out === "stored") {
			this.stored = undefined;
			this.depot.taken(EVENTS, refused);
		} else if (out === "first") {
			this.dropFirst();
			if (refused) this.depot.lose(EVENTS, 1);
		}
	}

	/**
	 * What goes to a topic of its receiver's choosing is sent once: some brokers end the connection over a topic that is not
	 * allowed, and would each time. The result is told on the device's own topic as well.
	 */
	private giveUpAnswer(): void {
		const letter = this.out === "stored" ? this.stored : this.out === "first" ? this.letters[0] : undefined;
		if (letter?.topic.startsWith(this.needs.prefix) === false) this.taken(true);
	}

	private dropFirst(): void {
		this.letters = this.letters.length > 1 ? this.letters.slice(1) : NONE;
	}

	private get depot(): Depot {
		return this.needs.depot;
	}

	private get origins(): ClockOrigins {
		return this.needs.origins;
	}

	private firstStored(): Letter | undefined {
		if (this.stored !== undefined) return this.stored;
		for (let record = this.depot.next(EVENTS); record !== undefined; record = this.depot.next(EVENTS)) {
			this.stored = readLetter(record.bytes, record.at, record.end, this.origins, this.needs.board.text);
			if (this.stored !== undefined) return this.stored;
			this.depot.taken(EVENTS, true);
		}
		return undefined;
	}
}
