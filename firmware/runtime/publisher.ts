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
// Status and description go before the states, in their tokens as in the list of flags.
const STATUS = STATE - 2;
const ABOUT = STATE - 1;

const JSON_TYPE: PublishExtras = { contentType: "application/json" };

/**
 * Decides what goes out next: first that the device is online and what it is, then events and results, then states,
 * then the latest measurements, then those in flash, at a bounded rate, then health. What the broker has not
 * acknowledged when a connection ends goes out again. What it refused is counted and gone, but for what it keeps (status,
 * description, states): that goes out again with the next health, so that it is not wrong for as long as nothing changes.
 */
export class Publisher extends Dispatch implements Task {
	dueMs = Number.POSITIVE_INFINITY;
	/** What is known of each retained topic: see state-flags.ts. */
	private readonly retained: number[];
	private ready = false;
	/** Samples before this one are to go out. */
	private flushSeq = 0;
	private telemetryDueMs = 0;
	private healthDueMs = 0;
	private storedDueMs = 0;

	constructor(needs: PublisherNeeds) {
		super(needs);
		const states = needs.device.parts.reduce((count, part) => count + part.stateCount, 0);
		this.retained = flags.stateFlags(STATE - STATUS + states);
	}

	/** Everything may go out now: connected and subscribed. */
	begin(): void {
		this.ready = true;
		this.flushSeq = this.needs.outbox.window.nextSeq;
		this.needs.outbox.begin();
		this.needs.mailbox.begin();
		this.healthDueMs = 0;
		flags.markChanged(this.retained, 0);
		this.report();
	}

	/** The connection is gone; nothing is in flight any more. */
	end(): void {
		this.ready = false;
		this.needs.mailbox.end(this.needs.board.clock.monotonicMs());
		this.needs.outbox.end();
		flags.markLost(this.retained);
	}

	/** Sends description, states and health anew. */
	report(): void {
		this.healthDueMs = 0;
		flags.markAllChanged(this.retained, ABOUT - STATUS);
		this.wake();
	}

	stateChanged(index: number): void {
		flags.markChanged(this.retained, STATE - STATUS + index);
		this.wake();
	}

	/** Something new may go out: look at the end of this callback. */
	wake(): void {
		if (this.ready) this.dueMs = 0;
	}

	/** The broker has taken the message of this token, or refused it. */
	acknowledged(token: number, refused: boolean): void {
		if (token === LETTER) this.needs.mailbox.taken(refused);
		else if (token === BATCH) this.needs.outbox.batchTaken(refused);
		else if (token === STORED) this.needs.outbox.storedTaken(refused);
		else if (token >= STATUS) flags.markAcknowledged(this.retained, token - STATUS, refused);
		this.wake();
	}

	/** What the message of a token is, by its topic below the device's own; empty where it is somebody else's. */
	topicOf(token: number): string {
		if (token === LETTER) return "event or result";
		if (token === BATCH || token === STORED) return "telemetry";
		if (token === STATUS) return "status";
		if (token === ABOUT) return "about";
		return token < STATE ? "" : this.needs.payloads.stateTopic(token - STATE);
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
		return !flags.isChanged(this.retained, 0) || this.sendRetained("status", "online", STATUS);
	}

	private sendAbout(): boolean {
		if (!flags.isChanged(this.retained, ABOUT - STATUS)) return true;
		return this.sendRetained("about", this.needs.payloads.about(), ABOUT, JSON_TYPE);
	}

	private sendStates(): boolean {
		const { payloads } = this.needs;
		const first = STATE - STATUS;
		for (let at = flags.nextChanged(this.retained, first); at >= 0; at = flags.nextChanged(this.retained, at + 1)) {
			const topic = payloads.stateTopic(at - first);
			if (!this.sendRetained(topic, payloads.state(at - first), STATUS + at)) return false;
		}
		return true;
	}

	private sendRetained(topic: string, payload: string, token: number, extras?: PublishExtras): boolean {
		if (!this.send(topic, payload, 1, true, token, extras)) return false;
		flags.markSent(this.retained, token - STATUS);
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
		flags.retryRefused(this.retained);
		return this.sendStatus() && this.sendAbout() && this.sendStates();
	}
}

/** A moment that is still to come; never for one that has passed. */
function later(dueMs: number, nowMs: number): number {
	return dueMs > nowMs ? dueMs : Number.POSITIVE_INFINITY;
}
