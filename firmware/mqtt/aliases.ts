/** Most topics that we give an alias: what a device publishes again and again. */
const ALIASES_MAX = 8;

/**
 * Topic aliases of what we send (MQTT 5 §3.3.2.3.4): a topic that was sent with its alias once is left out from then on.
 * A device may have more topics than the server takes aliases; so a new topic takes the place of one that was not used
 * since the last time this was looked at, and goes without where there is none.
 */
export class Aliases {
	/** The alias to send with the topic that was looked up last, 0 for none. */
	alias = 0;
	/** The server knows it already: the topic itself can be left out. */
	known = false;
	private max = 0;
	private readonly topics: string[] = [];
	/** One bit for each place: used since the hand came by. */
	private used = 0;
	private hand = 0;

	/** A new connection, of which none is known yet. */
	begin(serverMax: number): void {
		this.max = Math.min(serverMax, ALIASES_MAX);
		this.topics.length = 0;
		this.used = 0;
		this.hand = 0;
		this.alias = 0;
		this.known = false;
	}

	/** Finds, or plans, the alias of a topic. */
	look(topic: string): void {
		if (this.max === 0) return;
		const place = this.topics.indexOf(topic);
		this.known = place >= 0;
		if (place >= 0) this.used |= 1 << place;
		this.alias = (place >= 0 ? place : this.freePlace()) + 1;
	}

	/** The packet went out, with the alias that was planned for `topic`. */
	sent(topic: string): void {
		if (this.alias === 0 || this.known) return;
		this.topics[this.alias - 1] = topic;
		this.used |= 1 << (this.alias - 1);
		this.hand = this.alias % this.max;
	}

	/** A topic goes without one. */
	none(): void {
		this.alias = 0;
		this.known = false;
	}

	private freePlace(): number {
		if (this.topics.length < this.max) return this.topics.length;
		const bit = 1 << this.hand;
		if ((this.used & bit) === 0) return this.hand;
		this.used &= ~bit;
		this.hand = (this.hand + 1) % this.max;
		return -1;
	}
}
