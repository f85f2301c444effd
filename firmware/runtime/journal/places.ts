const FREE = 0; // sequence numbers begin with 1
const WORDS = 4;
const SEQUENCE = 0;
const LANE = 1;
const ITEMS = 2;
const CLEAN = 3;

/** What every segment of the flash is used for at this moment. In one block of memory, since objects cost more. */
export class Places {
	readonly count: number;
	private readonly words: Uint32Array;

	constructor(count: number) {
		this.count = count;
		this.words = new Uint32Array(count * WORDS);
	}

	/** The segment at `place` belongs to `lane` from now on. */
	use(place: number, lane: number, sequence: number, items: number): void {
		this.words.set([sequence, lane, items, 0], place * WORDS);
	}

	/** The segment is in nobody's use. `clean`: it is erased, too. */
	leave(place: number, clean: boolean): void {
		this.words.set([FREE, 0, 0, clean ? 1 : 0], place * WORDS);
	}

	isClean(place: number): boolean {
		return this.word(place, CLEAN) === 1;
	}

	isFree(place: number): boolean {
		return this.word(place, SEQUENCE) === FREE;
	}

	sequence(place: number): number {
		return this.word(place, SEQUENCE);
	}

	/** Items that were appended to this segment. */
	items(place: number): number {
		return this.word(place, ITEMS);
	}

	setItems(place: number, items: number): void {
		this.words[place * WORDS + ITEMS] = items;
	}

	/** The oldest segment of a lane whose sequence number is above `after`, or -1. */
	next(lane: number, after: number): number {
		let found = -1;
		for (let place = 0; place < this.count; place++) {
			if (this.isFree(place) || this.word(place, LANE) !== lane || this.sequence(place) <= after) continue;
			if (found < 0 || this.sequence(place) < this.sequence(found)) found = place;
		}
		return found;
	}

	/** The newest segment of a lane, or -1. */
	newest(lane: number): number {
		let found = -1;
		for (let place = this.next(lane, 0); place >= 0; place = this.next(lane, this.sequence(place))) found = place;
		return found;
	}

	/** How many segments a lane uses. */
	used(lane: number): number {
		let used = 0;
		for (let place = 0; place < this.count; place++) {
			if (!this.isFree(place) && this.word(place, LANE) === lane) used++;
		}
		return used;
	}

	get free(): number {
		let free = 0;
		for (let place = 0; place < this.count; place++) if (this.isFree(place)) free++;
		return free;
	}

	/** The free segment that comes next after `place`, in a ring, so that all wear alike; -1 for none. */
	freeAfter(place: number): number {
		for (let i = 1; i <= this.count; i++) {
			const candidate = (place + i) % this.count;
			if (this.isFree(candidate)) return candidate;
		}
		return -1;
	}

	private word(place: number, which: number): number {
		return this.words[place * WORDS + which] as number;
	}
}
