import type { Device } from "../../model/device.js";
import type { JsonValue } from "../../model/document.js";
import { reasonOf } from "../../model/fault.js";
import type { Trigger } from "../../model/rules.js";
import type { Board } from "../../ports/board.js";
import type { Task } from "../scheduler.js";

/** What an entity may ask of the device it is part of. */
export interface Context {
	readonly board: Board;
	readonly device: Device;
	/** The value on one `state` topic is new; `stateIndex` counts the state topics of the device. */
	stateChanged(stateIndex: number): void;
	/** Publishes an event. `detail` is empty or more JSON members, each after a comma. */
	event(entity: string, event: string, detail: string): void;
	/** Stores one measurement of the sensor `partIndex`; `values` are copied. */
	sample(partIndex: number, values: ArrayLike<number>): void;
	/** Something happened at an input: runs the rules that wait for it. */
	trigger(key: string, event: Trigger["event"]): void;
}

/** One entity of a running device. What a kind cannot do is left out. */
export interface Entity extends Task {
	/** Payload of its state topic `offset`. */
	stateText(offset: number): string;
	/** Why a value from a `set` topic or a command cannot be carried out, in plain words, or undefined. Moves nothing. */
	check?(value: JsonValue): string | undefined;
	/** Carries out a value that `check` let pass. Throws when the part fails. */
	set?(value: JsonValue, why: string): void;
	/** Carries out one action of a rule. */
	act?(action: "on" | "off" | "toggle", why: string): void;
	/** The broker came into reach or went out of it. */
	onLink?(online: boolean, nowMs: number): void;
	/** Shows the owner which device this is. */
	identify?(nowMs: number): void;
	/** True while the sensor behind it does not answer. */
	readonly stale?: boolean;
	/** True while an output is away from its safe state. */
	readonly busy?: boolean;
	/** Outputs go to their safe state, pins and buses are given back. */
	close(): void;
}

/** Why a command cannot set that entity to `value`, in plain words, or undefined. Moves nothing. */
export function objectionOf(entity: Entity | undefined, value: JsonValue): string | undefined {
	if (entity === undefined) return "there is no such entity";
	if (entity.check === undefined) return "it can only be read";
	return entity.check(value);
}

/** Sets what `objectionOf` let pass; returns what went wrong, or undefined. */
export function apply(entity: Entity, value: JsonValue): string | undefined {
	try {
		entity.set?.(value, "command");
		return undefined;
	} catch (error) {
		return reasonOf(error); // the part failed; the device goes on
	}
}

/** Why a value was refused, for a kind with these words. */
export function refusal(words: string): string {
	return `the value must be ${words}`;
}

const QUOTED_MAX = 200; // characters

/** `text` as one JSON string; what is too long to be a plain sentence or a name is cut. */
export function quote(text: string): string {
	return JSON.stringify(text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)} ...` : text);
}
