// One message takes four places in the list: identifier, token, time, and what it waits for.
const ID = 0;
const TOKEN = 1;
const SENT_MS = 2;
const AWAITS = 3;
const STRIDE = 4;

/** The highest packet identifier (MQTT 5 §2.2.1). */
const ID_MAX = 65_535;

// What a message waits for: one of QoS 1 for PUBACK, one of QoS 2 first for PUBREC, then for PUBCOMP (§4.3).
export const PUBACK_AWAITED = 1;
export const PUBREC_AWAITED = 2;
export const PUBCOMP_AWAITED = 3;

/**
 * The QoS 1 and 2 messages that are on their way, in the order in which they are to be sent again. The first `sent` of
 * them went out on this connection, the others are from an earlier one and wait for their turn.
 */
export class InFlight {
	count = 0;
	sent = 0;
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

	/** A new message, which goes out now; all before it have. The caller has made sure that there is room. */
	add(id: number, token: number, awaits: number, nowMs: number): void {
		this.put(this.count++, id, token, awaits, nowMs);
		this.sent = this.count;
	}

	/** A message of an earlier connection, or of an earlier life of the device. */
	restore(id: number, token: number, awaits: number): void {
		this.put(this.count++, id, token, awaits, 0);
	}

	/** The place of the message with this identifier, or -1. */
	find(id: number): number {
		for (let place = 0; place < this.count; place++) if (this.entries[place * STRIDE + ID] === id) return place;
		return -1;
	}

	/** Whether a message of this token is on its way. */
	holds(token: number): boolean {
		for (let place = 0; place < this.count; place++) if (this.tokenAt(place) === token) return true;
		return false;
	}

	idAt(place: number): number {
		return this.entries[place * STRIDE + ID] as number;
	}

	tokenAt(place: number): number {
		return this.entries[place * STRIDE + TOKEN] as number;
	}

	awaitsAt(place: number): number {
		return this.entries[place * STRIDE + AWAITS] as number;
	}

	/** Removes the message at a place that `find` gave; returns its token. */
	remove(place: number): number {
		const at = place * STRIDE;
		const token = this.entries[at + TOKEN] as number;
		this.entries.copyWithin(at, at + STRIDE, this.count * STRIDE);
		this.count--;
		if (place < this.sent) this.sent--;
		return token;
	}

	/**
	 * PUBREC came for the message at `place`, and PUBREL goes out now. The message moves behind all others that were sent:
	 * PUBRELs are to keep the order of the PUBRECs [MQTT-4.6.0-4], and the oldest time stays the first.
	 */
	release(place: number, nowMs: number): void {
		const id = this.idAt(place);
		const token = this.remove(place);
		const at = this.sent * STRIDE;
		this.entries.copyWithin(at + STRIDE, at, this.count * STRIDE);
		this.put(this.sent, id, token, PUBCOMP_AWAITED, nowMs);
		this.sent++;
		this.count++;
	}

	/** The first message that was not sent on this connection went out now. */
	resent(nowMs: number): void {
		this.entries[this.sent * STRIDE + SENT_MS] = nowMs;
		this.sent++;
	}

	/** The connection is gone: everything is to be sent again. */
	rewind(): void {
		this.sent = 0;
	}

	/** When the oldest message went out on this connection, Infinity when none did. */
	oldestMs(): number {
		return this.sent === 0 ? Number.POSITIVE_INFINITY : (this.entries[SENT_MS] as number);
	}

	/** Forgets all messages. Identifiers go on counting, so that a late acknowledgement means nothing. */
	clear(): void {
		this.count = 0;
		this.sent = 0;
	}

	private put(place: number, id: number, token: number, awaits: number, nowMs: number): void {
		const at = place * STRIDE;
		this.entries[at + ID] = id;
		this.entries[at + TOKEN] = token;
		this.entries[at + SENT_MS] = nowMs;
		this.entries[at + AWAITS] = awaits;
	}
}
