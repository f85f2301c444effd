import { backoffMs, patientMs } from "./backoff.js";
import type { BrokerAddress } from "./types.js";

const NEVER = Number.POSITIVE_INFINITY;
/** A broker that answered before gets this many attempts before the next one has its turn; any other gets one. */
const TRIES_MAX = 3;
const RETURN_FIRST_MS = 600_000;
const RETURN_LAST_MS = 86_400_000;

/** What is remembered of one broker. */
interface Place {
	readonly address: BrokerAddress;
	/** MQTT version to speak: as a rule 5, until the server turns out not to know it. */
	version: 4 | 5;
	/** Failures since it was last a good one. */
	failures: number;
	/** Only its owner can help: asking often does not. */
	hopeless: boolean;
}

/**
 * The brokers in order of preference, and whose turn it is. The last one that worked gets three attempts, any other one;
 * after the last comes the first again. Each has a backoff of its own. A connection to another than the preferred is given
 * up for an attempt at that one after 10 to 20 minutes; when it fails, in twice the time, up to a day.
 */
export class Brokers {
	/** When to leave a broker that works for the preferred one; monotonic milliseconds. */
	returnDueMs = NEVER;
	private readonly places: readonly Place[];
	private at = 0;
	private goodAt = -1;
	private tries = 0;
	private returnMs = RETURN_FIRST_MS;

	/** @param version of MQTT, to begin with */
	constructor(addresses: readonly BrokerAddress[], version: 4 | 5 = 5) {
		this.places = addresses.map((address) => ({ address, version, failures: 0, hopeless: false }));
	}

	/** Number of the broker whose turn it is; 0 is the preferred one. */
	get index(): number {
		return this.at;
	}

	get address(): BrokerAddress {
		return this.place.address;
	}

	get version(): 4 | 5 {
		return this.place.version;
	}

	set version(version: 4 | 5) {
		this.place.version = version;
	}

	/** The connection works. `random` is in [0, 1). */
	online(nowMs: number, random: number): void {
		this.goodAt = this.at;
		this.tries = 0;
		if (this.at === 0) this.returnMs = RETURN_FIRST_MS;
		this.returnDueMs = this.at === 0 ? NEVER : nowMs + this.returnMs * (1 + random);
	}

	/** The connection lasted: what failed before is over. */
	steady(): void {
		this.place.failures = 0;
		this.place.hopeless = false;
	}

	/** The attempt, or the connection, failed: chooses whose turn is next, and returns how long to wait, milliseconds. */
	failed(hopeless: boolean, random: number): number {
		const { place } = this;
		place.failures++;
		place.hopeless = hopeless;
		this.tries++;
		this.returnDueMs = NEVER;
		const stays = this.at === this.goodAt && this.tries < TRIES_MAX && !hopeless;
		if (!stays) this.turn((this.at + 1) % this.places.length);
		return this.pauseMs(random);
	}

	/** Something else than the broker failed: how long to wait before the next attempt at the same one, milliseconds. */
	again(random: number): number {
		this.place.failures++;
		return this.pauseMs(random);
	}

	/** How long to wait before an attempt at the present broker, milliseconds. */
	pauseMs(random: number): number {
		const { failures, hopeless } = this.place;
		return hopeless ? patientMs(random) : backoffMs(Math.max(0, failures - 1), random);
	}

	/** Goes back to the preferred broker; the next time this happens is twice as far away. */
	goHome(): void {
		this.returnDueMs = NEVER;
		this.returnMs = Math.min(this.returnMs * 2, RETURN_LAST_MS);
		this.turn(0);
	}

	private turn(index: number): void {
		this.at = index;
		this.tries = 0;
	}

	private get place(): Place {
		return this.places[this.at] as Place;
	}
}
