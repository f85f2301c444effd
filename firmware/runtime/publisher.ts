import type { Device } from "../model/device.js";
import type { Session } from "../mqtt/session.js";
import type { PublishExtras } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import { stateCountOf } from "./entities/list.js";
import type { Mailbox } from "./mailbox.js";
import type { Outbox } from "./outbox.js";
import type { Task } from "./scheduler.js";

/** What the publisher cannot know by itself: the payloads of the moment. */
export interface Payloads {
	about(): string;
	health(): string;
	state(index: number): string;
	/** Topic of state `index` below the device's own. */
	stateTopic(index: number): string;
}

/** What a publisher works with. `prefix` is the first part of every topic, up to and with the device's name. */
export interface PublisherNeeds {
	readonly board: Board;
	readonly session: Session;
	readonly prefix: string;
	readonly boot: number;
	readonly mailbox: Mailbox;
	readonly outbox: Outbox;
	readonly payloads: Payloads;
	readonly device: Device;
}

const HEALTH_MS = 60_000;
const STATUS = 1;
const ABOUT = 2;
const LETTER = 3;
const BATCH = 4;
const STATE = 16; // tokens from here on are state topics

const CLEAN = 0;
const DIRTY = 1;
const IN_FLIGHT = 2;
const IN_FLIGHT_AND_DIRTY = 3;

const JSON_TYPE: PublishExtras = { contentType: "application/json" };

/**
 * Decides what goes out next: first that the device is online and what it is, then events and results, then states,
 * then measurements, then health. What the broker has not acknowledged when a connection ends goes out again.
 */
export class Publisher implements Task {
	dueMs = Number.POSITIVE_INFINITY;
	private readonly board: Board;
	private readonly session: Session;
	private readonly prefix: string;
	private readonly boot: number;
	private readonly mailbox: Mailbox;
	private readonly outbox: Outbox;
	private readonly payloads: Payloads;
	private readonly states: Uint8Array;
	private readonly telemetryEveryMs: number;
	private ready = false;
	private status = CLEAN;
	private about = CLEAN;
	/** One past the last sample of the batch in flight; 0 when there is none. */
	private batchEnd = 0;
	/** Samples before this one are to go out. */
	private flushSeq = 0;
	private telemetryDueMs = 0;
	private healthDueMs = 0;

	constructor(needs: PublisherNeeds) {
		this.board = needs.board;
		this.session = needs.session;
		this.prefix = needs.prefix;
		this.boot = needs.boot;
		this.mailbox = needs.mailbox;
		this.outbox = needs.outbox;
		this.payloads = needs.payloads;
		this.states = new Uint8Array(needs.device.parts.reduce((count, part) => count + stateCountOf(part), 0));
		this.telemetryEveryMs = needs.device.telemetryEveryMs;
	}

	/** Everything may go out now: connected and subscribed. */
	begin(): void {
		this.ready = true;
		this.flushSeq = this.outbox.nextSeq;
		this.healthDueMs = 0;
		this.status = DIRTY;
		this.report();
	}

	/** The connection is gone; nothing is in flight any more. */
	end(): void {
		this.ready = false;
		this.mailbox.firstInFlight = false;
		this.batchEnd = 0;
		for (let i = 0; i < this.states.length; i++) if (this.states[i] !== CLEAN) this.states[i] = DIRTY;
	}

	/** Sends description, states and health anew. */
	report(): void {
		this.about = DIRTY;
		this.healthDueMs = 0;
		this.states.fill(DIRTY);
		this.wake();
	}

	stateChanged(index: number): void {
		const state = this.states[index];
		this.states[index] = state === IN_FLIGHT || state === IN_FLIGHT_AND_DIRTY ? IN_FLIGHT_AND_DIRTY : DIRTY;
		this.wake();
	}

	/** Something new may go out: look at the end of this callback. */
	wake(): void {
		if (this.ready) this.dueMs = 0;
	}

	acknowledged(token: number): void {
		if (token === STATUS && this.status === IN_FLIGHT) this.status = CLEAN;
		else if (token === ABOUT && this.about === IN_FLIGHT) this.about = CLEAN;
		else if (token === LETTER) this.mailbox.taken();
		else if (token === BATCH) {
			this.outbox.releaseBefore(this.batchEnd);
			this.batchEnd = 0;
		} else if (token >= STATE) {
			const index = token - STATE;
			this.states[index] = this.states[index] === IN_FLIGHT_AND_DIRTY ? DIRTY : CLEAN;
		}
		this.wake();
	}

	run(nowMs: number): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		if (!this.ready) return;
		if (nowMs >= this.telemetryDueMs) {
			this.flushSeq = this.outbox.nextSeq;
			this.telemetryDueMs = nowMs + this.telemetryEveryMs;
		}
		this.sendAll(nowMs);
		this.dueMs = Math.min(this.telemetryDueMs, this.healthDueMs > nowMs ? this.healthDueMs : Number.POSITIVE_INFINITY);
	}

	/** In order of importance; the first that finds no room ends the round, and `onRoom` begins the next. */
	private sendAll(nowMs: number): boolean {
		return (
			this.sendStatus() &&
			this.sendAbout() &&
			this.sendLetter() &&
			this.sendStates() &&
			this.sendBatch() &&
			this.sendHealth(nowMs)
		);
	}

	private sendStatus(): boolean {
		if (this.status !== DIRTY) return true;
		if (!this.session.publish(`${this.prefix}status`, "online", 1, true, STATUS)) return false;
		this.status = IN_FLIGHT;
		return true;
	}

	private sendAbout(): boolean {
		if (this.about !== DIRTY) return true;
		if (!this.session.publish(`${this.prefix}about`, this.payloads.about(), 1, true, ABOUT, JSON_TYPE)) return false;
		this.about = IN_FLIGHT;
		return true;
	}

	private sendLetter(): boolean {
		const letter = this.mailbox.firstInFlight ? undefined : this.mailbox.first();
		if (letter === undefined) return true;
		const topic = letter.absolute ? letter.topic : this.prefix + letter.topic;
		const { correlationData } = letter;
		const extras = correlationData === undefined ? JSON_TYPE : { ...JSON_TYPE, correlationData };
		if (!this.session.publish(topic, letter.payload, 1, false, LETTER, extras)) return false;
		this.mailbox.firstInFlight = true;
		return true;
	}

	private sendStates(): boolean {
		for (let i = 0; i < this.states.length; i++) {
			if (this.states[i] !== DIRTY) continue;
			const topic = this.prefix + this.payloads.stateTopic(i);
			if (!this.session.publish(topic, this.payloads.state(i), 1, true, STATE + i)) return false;
			this.states[i] = IN_FLIGHT;
		}
		return true;
	}

	private sendBatch(): boolean {
		if (this.batchEnd !== 0 || this.outbox.count === 0 || this.outbox.firstSeq >= this.flushSeq) return true;
		const endSeq = this.outbox.batchEnd();
		const payload = this.outbox.batch(this.boot, endSeq, this.board.clock);
		if (!this.session.publish(`${this.prefix}telemetry`, payload, 1, false, BATCH, JSON_TYPE)) return false;
		this.batchEnd = endSeq;
		return true;
	}

	private sendHealth(nowMs: number): boolean {
		if (nowMs < this.healthDueMs) return true;
		if (!this.session.publish(`${this.prefix}health`, this.payloads.health(), 0, true, 0, JSON_TYPE)) return false;
		this.healthDueMs = nowMs + HEALTH_MS;
		return true;
	}
}
