import type { JsonValue } from "../model/document.js";
import { Fault } from "../model/fault.js";
import { decodeText, readJson } from "../model/json.js";
import type { Text } from "../ports/text.js";

/** What a command may ask of the device as a whole. */
export type DeviceAction = "restart" | "identify" | "report";

/** A command, read and checked as far as that goes without knowing the device. */
export interface CommandDocument {
	readonly id: string | undefined;
	readonly sets: ReadonlyMap<string, JsonValue>;
	readonly action: DeviceAction | undefined;
	/** Not to be carried out after this moment, milliseconds since 1970. */
	readonly expiresMs: number | undefined;
}

const ID_LENGTH_MAX = 64;
const NOTHING: ReadonlyMap<string, JsonValue> = new Map();
const MEMBERS = ["id", "set", "do", "expires"];

/** Reads the payload of `command`. Throws with a plain reason when it is not one. */
export function readCommand(payload: Uint8Array, text: Text): CommandDocument {
	const members = readJson(payload, text);
	if (!(members instanceof Map)) throw refusal("it is not a JSON object");
	for (const name of members.keys()) {
		if (!MEMBERS.includes(name)) throw refusal("it has a member other than id, set, do and expires");
	}
	const id = members.get("id");
	const sets = members.get("set") ?? NOTHING;
	const expires = members.get("expires");
	const action = members.get("do");
	if (id !== undefined && !isCommandId(id)) throw refusal(`id must be text of 1 to ${ID_LENGTH_MAX} characters`);
	if (!(sets instanceof Map)) throw refusal("set must be an object of entities and values");
	if (expires !== undefined && typeof expires !== "number") throw refusal("expires must be milliseconds since 1970");
	if (action !== undefined && !isAction(action)) throw refusal("do must be restart, identify or report");
	if (sets.size === 0 && action === undefined) throw refusal("it asks for nothing: give set or do");
	return { id, sets, action, expiresMs: expires };
}

function refusal(why: string): Fault {
	return new Fault("command", why);
}

function isCommandId(id: JsonValue): id is string {
	return typeof id === "string" && id.length >= 1 && id.length <= ID_LENGTH_MAX;
}

function isAction(action: JsonValue): action is DeviceAction {
	return action === "restart" || action === "identify" || action === "report";
}

/**
 * The value on a `set` topic: a JSON number, object or quoted text, or a bare word such as `ON`. Throws when it begins
 * like JSON and is none, or is not UTF-8.
 */
export function readValue(payload: Uint8Array, text: Text): JsonValue {
	const first = payload[0] ?? 0;
	const json = first === 0x7b || first === 0x22 || first === 0x2d || (first >= 0x30 && first <= 0x39);
	return json ? readJson(payload, text) : decodeText(text, payload, 0, payload.length);
}
