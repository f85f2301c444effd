/** One event or result on its way out. */
export interface Letter {
	/** The whole topic. */
	readonly topic: string;
	/** JSON; of an event without its time and its last brace. */
	readonly payload: string;
	/** When an event happened, on the monotonic clock; its time is worked out when it is sent. */
	readonly atMs?: number | undefined;
	readonly correlationData?: Uint8Array | undefined;
}

/** Letters kept while the broker is away; more drop the oldest. */
const LETTERS_MAX = 16;

/** Events and results in order, each kept until the broker has acknowledged it. */
export class Mailbox {
	/** Letters lost because too many were waiting, or the broker refused them. */
	dropped = 0;
	/** The first letter is on its way: it must stay where it is until the broker has it. */
	firstInFlight = false;
	private readonly letters: Letter[] = [];

	/** How many wait, the one on its way included. */
	get waiting(): number {
		return this.letters.length;
	}

	put(letter: Letter): void {
		if (this.letters.length === LETTERS_MAX) {
			this.letters.splice(this.firstInFlight ? 1 : 0, 1);
			this.dropped++;
		}
		this.letters.push(letter);
	}

	/** The oldest letter: stays first until `taken`. */
	first(): Letter | undefined {
		return this.letters[0];
	}

	/** The broker has the first letter, or refuses it and would again. */
	taken(refused: boolean): void {
		if (!this.firstInFlight) return;
		this.firstInFlight = false;
		this.letters.shift();
		if (refused) this.dropped++;
	}
}
