import {
	type CloudBridge,
	type CloudCommand,
	type CloudExtras,
	type CloudMessage,
	type CloudOutlet,
	type CloudOwner,
	STATE_TOKEN,
} from "../model/cloud.js";
import type { Part } from "../model/device.js";
import type { JsonValue } from "../model/document.js";
import { readJson } from "../model/json.js";
import { isApplied, jsonOf } from "./values.js";

const NEVER = Number.POSITIVE_INFINITY;
/** What changes at the same time is reported together. */
const SETTLE_MS = 500;
/** A report is a part of one message, whose largest size the session sets to 4,096 bytes. */
const REPORT_CHARACTERS = 2_000;
/** Values in a document of the cloud's: it has a time beside each of ours. */
const NODES_MAX = 256;
/** Why a wish for anything but a setting is refused: it may be an old one, and outputs move for reasons of the moment. */
const NO_SETTING = "only settings follow what the cloud keeps: send a command to move an output";

/**
 * A copy of the device at its cloud: the bare values of its states, reported when they change, and what the cloud wishes its
 * settings to be. One report is on its way at a time, and reports keep a distance that does not run into limits.
 */
export abstract class Twin implements CloudBridge {
	/** When `sendMore` is to be called the next time, whatever else there is to send. */
	protected laterMs = NEVER;
	protected readonly owner: CloudOwner;
	protected readonly session: CloudOutlet;
	/** Time between two reports, milliseconds. */
	private readonly everyMs: number;
	/** States that the copy does not have yet, by number. */
	private readonly changed: boolean[] = [];
	private earliestMs = 0;
	private online = false;
	/** When something is to be sent. */
	private soonMs = NEVER;
	/** The command that is being carried out, and what became of it. */
	private asked: CloudCommand | undefined = undefined;
	private answer = "";

	constructor(owner: CloudOwner, session: CloudOutlet, everyMs: number) {
		this.owner = owner;
		this.session = session;
		this.everyMs = everyMs;
	}

	get dueMs(): number {
		return Math.min(this.soonMs, this.laterMs);
	}

	abstract publish(
		topic: string,
		payload: string | Uint8Array,
		qos: 0 | 1,
		retain: boolean,
		token: number,
		extras?: CloudExtras,
	): boolean;
	abstract filters(own: readonly string[]): readonly string[];
	abstract onMessage(message: CloudMessage): void;
	/** Sends a report: `members` is an object of names and values, in JSON. False when there is no room for it. */
	protected abstract report(members: string): boolean;
	/** The report of this state was sent. */
	protected abstract reported(index: number): void;
	/** What else there is to send; false when there is no room for it. */
	protected abstract sendMore(nowMs: number): boolean;

	begin(): void {
		this.online = true;
		this.earliestMs = 0;
		this.wake();
	}

	end(): void {
		this.online = false;
		this.soonMs = NEVER;
		this.laterMs = NEVER;
	}

	/** Something is to be sent, or there is room again. */
	wake(): void {
		if (this.online) this.soonMs = Math.min(this.soonMs, this.nowMs + SETTLE_MS);
	}

	run(nowMs: number): void {
		this.soonMs = NEVER;
		if (!this.online || !this.sendMore(nowMs)) return; // `wake` follows when there is room
		if (!this.changed.includes(true)) return;
		if (nowMs >= this.earliestMs && !this.sendReport(nowMs)) return;
		if (this.changed.includes(true)) this.soonMs = Math.min(this.soonMs, this.earliestMs);
	}

	onResult(payload: string, command: CloudMessage): void {
		if (command === this.asked) this.answer = payload;
	}

	/** A state was published: the copy is to have it, too. */
	protected stateChanged(index: number): void {
		this.changed[index] = true;
		this.wake();
	}

	/** The copy may lack anything: everything is reported again, after `delayMs`. */
	protected reportAgain(delayMs: number): void {
		const { parts } = this.owner.device;
		for (const { stateIndex, stateCount } of parts)
			for (let i = stateIndex; i < stateIndex + stateCount; i++) this.changed[i] = true;
		this.earliestMs = this.nowMs + delayMs;
		this.wake();
	}

	/**
	 * Carries out a command that came by a way of the cloud's own, and returns what became of it, as JSON.
	 * @param topic below the device's own, such as `target/set`.
	 */
	protected command(topic: string, payload: Uint8Array): string {
		const command = this.commandOf(topic, payload);
		this.asked = command;
		this.answer = "";
		this.owner.onCommand(topic, command);
		this.asked = undefined;
		return this.answer;
	}

	/** Sets a setting as the cloud wishes. False when it is none, or the wish was refused: `result` says why. */
	protected follow(part: Part, wish: JsonValue): boolean {
		const payload = this.owner.board.text.encode(wish instanceof Object ? "null" : String(wish));
		const topic = `${part.id}/set`;
		if (part.definition.kind === "number") return isApplied(this.command(topic, payload));
		const answer = `{"entity":"${part.id}","outcome":"refused","reason":"${NO_SETTING}"}`;
		this.owner.result(answer, this.commandOf(topic, payload));
		return false;
	}

	/** The same for everything that is wished and known here. */
	protected followAll(wishes: ReadonlyMap<string, JsonValue>): void {
		for (const [id, wish] of wishes) {
			const part = wish === null ? undefined : this.partOf(id); // null: no longer wished
			if (part !== undefined) this.follow(part, wish);
		}
	}

	/** The part of this name; the cloud may keep more of a device than we know of. */
	protected partOf(id: string): Part | undefined {
		return this.owner.device.parts.find((part) => part.id === id);
	}

	/** The part whose state this is the token of; undefined for any other message. */
	protected partOfToken(token: number): Part | undefined {
		if (token < STATE_TOKEN) return undefined;
		for (const part of this.owner.device.parts)
			if (token - STATE_TOKEN < part.stateIndex + part.stateCount) return part;
		return undefined;
	}

	/** A document of the cloud's, as far as it is an object; undefined, and told, when it cannot be read. */
	protected read(payload: Uint8Array): Map<string, JsonValue> | undefined {
		try {
			const members = readJson(payload, this.owner.board.text, NODES_MAX);
			return members instanceof Map ? members : undefined;
		} catch (error) {
			this.owner.log(`a document of the cloud cannot be read: ${String(error)}`, "warning");
			return undefined;
		}
	}

	protected get nowMs(): number {
		return this.owner.board.clock.monotonicMs();
	}

	private commandOf(topic: string, payload: Uint8Array): CloudCommand {
		// The response topic asks for an answer in any case, and is one that no answer goes to.
		const more = { qos: 1, duplicate: false, responseTopic: "$cloud", correlationData: undefined } as const;
		return { topic: this.owner.prefix + topic, payload, retain: false, ...more };
	}

	private sendReport(nowMs: number): boolean {
		const { owner, changed } = this;
		let members = "";
		let end = 0;
		for (; end < changed.length && members.length < REPORT_CHARACTERS; end++) {
			if (changed[end] !== true) continue;
			const name = owner.stateTopic(end).slice(0, -"/state".length);
			members += `${members === "" ? "{" : ","}"${name}":${jsonOf(owner.state(end))}`;
		}
		if (!this.report(`${members}}`)) return false;
		for (let i = 0; i < end; i++) {
			if (changed[i] === true) this.reported(i);
			changed[i] = false;
		}
		this.earliestMs = nowMs + this.everyMs;
		return true;
	}
}
