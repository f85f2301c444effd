// One message takes three places in the list: identifier, token, time.
const ID = 0;
const TOKEN = 1;
const SENT_MS = 2;
const STRIDE = 3;

/** The highest packet identifier (MQTT 5 §2.2.1). */
const ID_MAX = 65_535;

/** The QoS 1 messages that wait for their acknowledgement, in the order they were sent. */
export class InFlight {
	count = 0;
	private readonly entries: number[];
	private lastId = 0;

	/** @param max most messages at once. */
	constructor(max: number) {
		this.entries = new Array<number>(max * STRIDE).fill(0);
	}

	/** How many messages there is room for. */
	get max(): number {
		return this.entries.length / STRIDE;
	}

	/** The next identifier, 1 to 65,535 and round again; never one in flight, nor `taken` (0 for none). */
	nextId(taken: number): number {
		let id = this.lastId;
		do id = id === ID_MAX ? 1 : id + 1;
		while (id === taken || this.find(id) >= 0);
		this.lastId = id;
		return id;
	}

	/** The caller has made sure that there is room. */
	add(id: number, token: number, nowMs: number): void {
		const at = this.count * STRIDE;
		this.entries[at + ID] = id;
		this.entries[at + TOKEN] = token;
		this.entries[at + SENT_MS] = nowMs;
		this.count++;
	}

	/** The place of the message with this identifier, or -1. */
	find(id: number): number {
		for (let place = 0; place < this.count; place++) if (this.entries[place * STRIDE + ID] === id) return place;
		return -1;
	}

	/** Removes the message at a place that `find` gave; returns its token. */
	remove(place: number): number {
		const at = place * STRIDE;
		const token = this.entries[at + TOKEN] as number;
		this.entries.copyWithin(at, at + STRIDE, this.count * STRIDE);
		this.count--;
		return token;
	}

	/** When the oldest message was sent, Infinity when there is none. */
	oldestMs(): number {
		return this.count === 0 ? Number.POSITIVE_INFINITY : (this.entries[SENT_MS] as number);
	}

	/** Forgets all messages. Identifiers go on counting, so that a late acknowledgement means nothing. */
	clear(): void {
		this.count = 0;
	}
}
