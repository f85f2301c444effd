import type { Store } from "../ports/store.js";
import { type InFlight, PUBACK_AWAITED, PUBCOMP_AWAITED, PUBREC_AWAITED } from "./in-flight.js";

/*
 * What of a session must outlive a power cut, and when it is written.
 *
 * QoS 1 needs nothing here. The server remembers nothing about a QoS 1 message, so that its owner, who keeps it until it
 * is acknowledged (telemetry in the outbox's journal), publishes it anew after a restart and loses nothing by it.
 *
 * QoS 2 is a promise about an identifier, and both ends must remember it. One short write for a message sent: its
 * identifier and token, before PUBLISH goes out. Its bytes come from the owner, by token, as long as it has them. When
 * PUBREC comes, the owner notes in its own flash that the message is done (`onAcknowledged`), and only then PUBREL goes
 * out; so after a power cut a message that the owner has no more needs PUBREL, and any other PUBLISH again. That PUBCOMP
 * came is not written by itself: at worst one PUBREL goes out once too often, which is answered and harmless.
 *
 * Two short writes for a message received: its identifier before it is handed on, so that no power cut can make it take
 * effect twice, and that the identifier is free again before PUBCOMP goes out: the server may use it for another message.
 *
 * Besides, one write when the server begins a session: only who knows of it may resume it [MQTT-3.2.2-4].
 */

const KEY = "mqtt";
const FORMAT = "1";

/** Most QoS 2 messages of the server between PUBLISH and PUBREL that are remembered. */
export const RECEIVED_MAX = 32;

/** The state of one client's session in its store. What the store throws is counted, and the session goes on without. */
export class KeptState {
	/** Writes that failed: until the next power cut nothing is lost by them. */
	failures = 0;
	private readonly store: Store;
	private readonly clientId: string;

	constructor(store: Store, clientId: string) {
		this.store = store;
		this.clientId = clientId;
	}

	/** Writes the state down unless it stands there already: flash wears. */
	keep(inFlight: InFlight, received: readonly number[]): void {
		let sent = "";
		for (let place = 0; place < inFlight.count; place++) {
			const awaits = inFlight.awaitsAt(place);
			if (awaits === PUBACK_AWAITED) continue;
			sent += `${sent === "" ? "" : ","}${inFlight.idAt(place)},${inFlight.tokenAt(place)},${awaits}`;
		}
		const text = `${FORMAT};${sent};${received.join()};${this.clientId}`;
		try {
			if (this.store.get(KEY) !== text) this.store.set(KEY, text);
		} catch {
			this.failures++;
		}
	}

	/** Forgets what is kept. */
	drop(): void {
		try {
			if (this.store.get(KEY) !== undefined) this.store.delete(KEY);
		} catch {
			this.failures++;
		}
	}

	/**
	 * Reads the state back: what is in flight, and what is returned, the identifiers that were received.
	 * @returns undefined when nothing is kept, or what is kept cannot be understood or is another client's.
	 */
	restore(inFlight: InFlight): readonly number[] | undefined {
		const text = this.read();
		if (text === undefined) return undefined;
		const [format, sent = "", taken = ""] = text.split(";", 3);
		if (format !== FORMAT || text !== `${FORMAT};${sent};${taken};${this.clientId}`) return undefined;
		const triples = numbers(sent);
		const ids = numbers(taken);
		if (!areTriples(triples, inFlight.max) || !ids.every(isId) || ids.length > RECEIVED_MAX) return undefined;
		for (let at = 0; at < triples.length; at += 3)
			inFlight.restore(triples[at] as number, triples[at + 1] as number, triples[at + 2] as number);
		return ids;
	}

	private read(): string | undefined {
		try {
			return this.store.get(KEY);
		} catch {
			this.failures++;
			return undefined;
		}
	}
}

function numbers(text: string): number[] {
	return text === "" ? [] : text.split(",").map(Number);
}

function isId(id: number): boolean {
	return Number.isInteger(id) && id > 0 && id <= 65_535;
}

/** Triples of identifier, token and what is awaited. */
function areTriples(list: readonly number[], max: number): boolean {
	if (list.length % 3 !== 0 || list.length > max * 3) return false;
	for (let at = 0; at < list.length; at += 3) {
		const awaits = list[at + 2];
		if (!isId(list[at] as number) || !Number.isFinite(list[at + 1])) return false;
		if (awaits !== PUBREC_AWAITED && awaits !== PUBCOMP_AWAITED) return false;
	}
	return true;
}
