import type { PlaceSettings } from "../model/credentials.js";
import type { Device } from "../model/device.js";
import type { JsonValue } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import type { LogLevel } from "../model/log-level.js";
import type { SignatureGate, Signing } from "../model/signing.js";
import type { Message } from "../mqtt/types.js";
import type { Board } from "../ports/board.js";
import { Answered } from "./answered.js";
import { type CommandDocument, type DeviceAction, readCommand, readSigned, readValue } from "./command-document.js";
import { apply, type Entity, objectionOf, quote } from "./entities/entity.js";
import { markedId, signedInVain, UNSIGNED, unproved } from "./proof.js";

/** What a command may do to the device. */
export interface CommandTarget {
	readonly board: Board;
	/** The device's name on the wire. */
	readonly id: string;
	readonly device: Pick<Device, "encoding" | "signing" | "cloud">;
	/** Of a device that wants signed commands. */
	readonly gate?: SignatureGate;
	/** What it works with in this start. */
	readonly settings: PlaceSettings;
	/** Those that signed commands may be signed with. */
	readonly keys: readonly string[];
	/** The entity with this name on the wire. */
	entity(id: string): Entity | undefined;
	/** Publishes a result, and once more where the sender of `message` asked for it. */
	result(payload: string, message: Message): void;
	/** Why the whole device cannot do this, or undefined. Moves nothing. */
	objection(action: DeviceAction): string | undefined;
	/** Sends the log from this level on. */
	logAt(level: LogLevel): void;
	/** Carries out an action that met no objection. */
	perform(action: DeviceAction): void;
}

type Outcome = "applied" | "refused" | "failed";

/** What a command asks of one entity. */
interface Move {
	readonly id: string;
	readonly entity: Entity;
	readonly value: JsonValue;
}

const APPLIED = '"outcome":"applied"}';

const VALUE_BYTES_MAX = 256;
const NAME_SHOWN_MAX = 32; // characters of a name that is quoted in a reason: no entity has a longer one
const RETAINED = "retained commands are never carried out: publish without the retain flag";

/** Carries out what arrives on `<entity>/set` and `command`, and answers for it. */
export class Commands {
	/** Messages that did not do what they asked for: refused, failed, or a repetition. */
	refused = 0;
	private readonly target: CommandTarget;
	/** Only there once there was a command with an id. */
	private done: Answered | undefined = undefined;

	constructor(target: CommandTarget) {
		this.target = target;
	}

	/** `topic` is the part below the device's own. Throws nothing that a part or a message causes. */
	handle(topic: string, message: Message): void {
		if (topic === "command") this.command(message);
		else if (topic.endsWith("/set")) this.set(topic.slice(0, -4), message);
	}

	private set(id: string, message: Message): void {
		const { signing } = this.target.device;
		if (signing?.isSigned(message.payload) === true) {
			this.command(message, id);
			return;
		}
		let refusal: string | undefined;
		let failure: string | undefined;
		try {
			if (message.retain) refusal = RETAINED;
			else if (message.payload.length > VALUE_BYTES_MAX) refusal = `the value is longer than ${VALUE_BYTES_MAX} bytes`;
			else {
				const value = readValue(message.payload, this.target.board.text);
				const entity = this.target.entity(id);
				refusal = signing?.wants(id) === true ? UNSIGNED : objectionOf(entity, value);
				if (refusal === undefined) failure = apply(entity as Entity, value);
			}
		} catch (error) {
			refusal = reasonOf(error);
		}
		const outcome = outcomeOf(refusal, failure);
		if (outcome === "applied" && message.responseTopic === undefined) return; // the new state says it
		this.answer(`{"entity":${quote(id)},`, outcome, refusal ?? failure, message);
	}

	/** `only` is the entity to whose own topic it was sent; what is signed may come there, too. */
	private command(message: Message, only?: string): void {
		const { signing } = this.target.device;
		const opening = only === undefined ? "{" : `{"entity":${quote(only)},`;
		let document: CommandDocument;
		try {
			document = this.read(message, signing);
		} catch (error) {
			this.answer(opening, "refused", reasonOf(error), message);
			return;
		}
		const { id } = document;
		const { retain } = message;
		const name = id === undefined || signing === undefined ? id : markedId(id, document);
		const answered = name === undefined || retain ? undefined : this.done?.find(name);
		if (answered !== undefined) {
			this.refused++;
			this.target.result(answered, message);
			return;
		}
		const moves: Move[] = [];
		const refusal = retain ? RETAINED : (unproved(document, signing, only) ?? this.refusal(document, moves));
		const failure = refusal === undefined ? this.carryOut(document, moves) : undefined;
		const outcome = outcomeOf(refusal, failure);
		if (id === undefined && outcome === "applied" && message.responseTopic === undefined) return;
		const beginning = id === undefined ? opening : `{"id":${quote(id)},`;
		const payload = this.answer(beginning, outcome, refusal ?? failure, message);
		if (name === undefined || refusal !== undefined) return;
		this.done ??= new Answered();
		this.done.remember(name, payload);
	}

	private read(message: Message, signing: Signing | undefined): CommandDocument {
		const { board, device } = this.target;
		if (signing?.isSigned(message.payload) !== true) return readCommand(message, board.text, device.encoding);
		return readSigned(signing.open(message.payload, this.target));
	}

	/** Everything is checked before anything moves; `moves` takes what is to. */
	private refusal({ expiresMs, sets, action, warrant }: CommandDocument, moves: Move[]): string | undefined {
		if (expiresMs !== undefined) {
			const nowMs = this.target.board.clock.wallMs();
			if (nowMs === undefined) return "it has an expiry, and the clock is not set yet";
			if (nowMs > expiresMs) return "it has expired";
		}
		for (const id of sets.keys()) {
			const value = sets.get(id) as JsonValue;
			const entity = this.target.entity(id);
			const why = objectionOf(entity, value);
			if (why !== undefined) return `${id.slice(0, NAME_SHOWN_MAX)}: ${why}`;
			moves.push({ id, entity: entity as Entity, value });
		}
		return (action === undefined ? undefined : this.target.objection(action)) ?? warrant?.objection();
	}

	private carryOut({ action, log, warrant }: CommandDocument, moves: readonly Move[]): string | undefined {
		for (let index = 0; index < moves.length; index++) {
			const { id, entity, value } = moves[index] as Move;
			const why = apply(entity, value);
			if (why !== undefined) return `${id}: ${why}`;
		}
		try {
			warrant?.perform();
			if (log !== undefined) this.target.logAt(log);
			const due = warrant?.restarts === true ? "restart" : action;
			if (due !== undefined) this.target.perform(due);
			return undefined;
		} catch (error) {
			return reasonOf(error);
		}
	}

	/** `opening` is the beginning of the JSON object. Returns the whole. */
	private answer(opening: string, outcome: Outcome, reason: string | undefined, message: Message): string {
		if (outcome !== "applied") this.refused++;
		const payload = opening + (outcome === "applied" ? APPLIED : notApplied(outcome, this.plain(reason, message)));
		this.target.result(payload, message);
		return payload;
	}

	private plain(reason: string | undefined, { payload }: Message): string {
		return signedInVain(this.target.device.signing, payload) ?? reason ?? "";
	}
}

function notApplied(outcome: Outcome, reason: string): string {
	return `"outcome":"${outcome}","reason":${quote(reason)}}`;
}

function outcomeOf(refusal: string | undefined, failure: string | undefined): Outcome {
	if (refusal !== undefined) return "refused";
	return failure !== undefined ? "failed" : "applied";
}
