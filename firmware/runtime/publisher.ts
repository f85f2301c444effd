import { OTHER_TOKEN as OTHER, STATE_TOKEN as STATE } from "../model/cloud.js";
import type { PublishExtras } from "../mqtt/types.js";
import { Dispatch, LETTER } from "./dispatch.js";
import { SAMPLES_MAX } from "./outbox.js";
import type { PublisherNeeds } from "./publisher-needs.js";
import type { Task } from "./scheduler.js";
import * as flags from "./state-flags.js";
import { writeBatch } from "./telemetry.js";

const HEALTH_MS = 60_000;
/** Between two batches out of flash: they go beside live data, and must not fill a slow connection. */
const STORED_MS = 250;
const BATCH = 3;
const STORED = 4;

const JSON_TYPE: PublishExtras = { contentType: "application/json" };

/**
 * Decides what goes out next: first that the device is online and what it is, then events and results, then states,
 * then the latest measurements, then those in flash, at a bounded rate, then health. What the broker has not
 * acknowledged when a connection ends goes out again.
 */
export class Publisher extends Dispatch implements Task {
	dueMs = Number.POSITIVE_INFINITY;
	/** What is known of each state topic: see state-flags.ts. */
	private readonly states: number[];
	private ready = false;
	private statusDue = false;
	private aboutDue = false;
	/** Samples before this one are to go out. */
	private flushSeq = 0;
	private telemetryDueMs = 0;
	private healthDueMs = 0;
	private storedDueMs = 0;

	constructor(needs: PublisherNeeds) {
		super(needs);
		this.states = flags.stateFlags(needs.device.parts.reduce((count, part) => count + part.stateCount, 0));
	}

	/** Everything may go out now: connected and subscribed. */
	begin(): void {
		this.ready = true;
		this.flushSeq = this.needs.outbox.window.nextSeq;
		this.needs.outbox.begin();
		this.needs.mailbox.begin();
		this.healthDueMs = 0;
		this.statusDue = true;
		this.report();
	}

	/** The connection is gone; nothing is in flight any more. */
	end(): void {
		this.ready = false;
		this.needs.mailbox.end(this.needs.board.clock.monotonicMs());
		this.needs.outbox.end();
		flags.markLost(this.states);
	}

	/** Sends description, states and health anew. */
	report(): void {
		this.aboutDue = true;
		this.healthDueMs = 0;
		flags.markAllChanged(this.states);
		this.wake();
	}

	stateChanged(index: number): void {
		flags.markChanged(this.states, index);
		this.wake();
	}

	/** Something new may go out: look at the end of this callback. */
	wake(): void {
		if (this.ready) this.dueMs = 0;
	}

	/** The broker has taken the message of this token, or refused it: what is refused is not sent again. */
	acknowledged(token: number, refused: boolean): void {
		if (token === LETTER) this.needs.mailbox.taken(refused);
		else if (token === BATCH) this.needs.outbox.batchTaken(refused);
		else if (token === STORED) this.needs.outbox.storedTaken(refused);
		else if (token >= STATE) flags.markAcknowledged(this.states, token - STATE);
		this.wake();
	}

	run(nowMs: number): void {
		this.dueMs = Number.POSITIVE_INFINITY;
		if (!this.ready) return;
		const { window } = this.needs.outbox;
		if (nowMs >= this.telemetryDueMs || window.count > SAMPLES_MAX / 2) {
			this.flushSeq = window.nextSeq;
			this.telemetryDueMs = nowMs + this.needs.device.telemetryEveryMs;
		}
		this.sendAll(nowMs);
		this.dueMs = Math.min(this.telemetryDueMs, later(this.healthDueMs, nowMs), later(this.storedDueMs, nowMs));
	}

	/** In order of importance; the first that finds no room ends the round, and `onRoom` begins the next. */
	private sendAll(nowMs: number): boolean {
		return (
			this.sendStatus() &&
			this.sendAbout() &&
			this.sendLetter() &&
			this.sendStates() &&
			this.sendBatch() &&
			this.sendStored(nowMs) &&
			this.sendHealth(nowMs) &&
			this.sendLog()
		);
	}

	private sendStatus(): boolean {
		if (!this.statusDue) return true;
		if (!this.send("status", "online", 1, true, OTHER)) return false;
		this.statusDue = false;
		return true;
	}

	private sendAbout(): boolean {
		if (!this.aboutDue) return true;
		if (!this.send("about", this.needs.payloads.about(), 1, true, OTHER, JSON_TYPE)) return false;
		this.aboutDue = false;
		return true;
	}

	private sendStates(): boolean {
		const { payloads } = this.needs;
		for (let i = flags.nextChanged(this.states); i >= 0; i = flags.nextChanged(this.states)) {
			if (!this.send(payloads.stateTopic(i), payloads.state(i), 1, true, STATE + i)) return false;
			flags.markSent(this.states, i);
		}
		return true;
	}

	private sendBatch(): boolean {
		const { outbox, device, writer } = this.needs;
		if (outbox.window.firstSeq >= this.flushSeq || outbox.nextBatch() === undefined) return true;
		const count = writeBatch(writer, device, outbox.window, 0);
		if (!this.send("telemetry", writer.written(), 1, false, BATCH, device.encoding)) return false;
		outbox.batchSent(count);
		return true;
	}

	private sendStored(nowMs: number): boolean {
		const { outbox, device, writer } = this.needs;
		const samples = nowMs < this.storedDueMs ? undefined : outbox.nextStored();
		if (samples === undefined) return true;
		const count = writeBatch(writer, device, samples, outbox.waitingInFlash);
		if (!this.send("telemetry", writer.written(), 1, false, STORED, device.encoding)) return false;
		outbox.storedSent(count);
		this.storedDueMs = nowMs + STORED_MS;
		return true;
	}

	private sendHealth(nowMs: number): boolean {
		if (nowMs < this.healthDueMs) return true;
		const { payloads, device } = this.needs;
		if (!this.send("health", this.document(payloads.health()), 0, true, OTHER, device.encoding)) return false;
		this.healthDueMs = nowMs + HEALTH_MS;
		this.needs.outbox.settle();
		return true;
	}
}

/** A moment that is still to come; never for one that has passed. */
function later(dueMs: number, nowMs: number): number {
	return dueMs > nowMs ? dueMs : Number.POSITIVE_INFINITY;
}
