import type { Encoding, JsonValue } from "../model/document.js";
import { Fault } from "../model/fault.js";
import { decodeText, json, readJson } from "../model/json.js";
import { isLogLevel, type LogLevel } from "../model/log-level.js";
import type { SignedCommand, Warrant } from "../model/signing.js";
import type { Message } from "../mqtt/types.js";
import type { Text } from "../ports/text.js";

/** What a command may ask of the device as a whole. */
export type DeviceAction = "restart" | "identify" | "report";

/** A command, read and checked as far as that goes without knowing the device. */
export interface CommandDocument {
	readonly id: string | undefined;
	readonly sets: ReadonlyMap<string, JsonValue>;
	readonly action: DeviceAction | undefined;
	/** From which level on the device is to send its log. */
	readonly log: LogLevel | undefined;
	/** Not to be carried out after this moment, milliseconds since 1970. */
	readonly expiresMs: number | undefined;
	/** Of a signed command. */
	readonly warrant: Warrant | undefined;
}

/** What is read of a message. */
export type CommandPayload = Pick<Message, "payload" | "contentType">;

const ID_LENGTH_MAX = 64;
const NOTHING: ReadonlyMap<string, JsonValue> = new Map();
const BEYOND_JSON = 0x80; // JSON begins with an ASCII character, an object of MessagePack with a byte from here on

/**
 * Reads the payload of `command`, which is in JSON or in the device's own encoding. Throws with a plain reason when it is
 * not one.
 */
export function readCommand({ payload, contentType }: CommandPayload, text: Text, own: Encoding): CommandDocument {
	const members = encodingOf(payload, contentType, own).read(payload, text);
	if (!(members instanceof Map)) throw refusal("it is not an object");
	return checkCommand(members, undefined);
}

/** Reads what was signed, which is the same document. Throws with a plain reason when it is not one. */
export function readSigned({ members, warrant }: SignedCommand): CommandDocument {
	return checkCommand(members, warrant);
}

function checkCommand(members: ReadonlyMap<string, JsonValue>, warrant: Warrant | undefined): CommandDocument {
	const id = members.get("id");
	const set = members.get("set");
	const sets = set ?? NOTHING;
	// A member that is not there is undefined, and no other is. Nothing is looked for once all of them are found.
	let left = members.size;
	if (id !== undefined) left--;
	if (set !== undefined) left--;
	const expires = left === 0 ? undefined : members.get("expires");
	if (expires !== undefined) left--;
	const action = left === 0 ? undefined : members.get("do");
	if (action !== undefined) left--;
	const log = left === 0 ? undefined : members.get("log");
	if (left !== (log === undefined ? 0 : 1)) throw refusal("it has a member other than id, set, do, log and expires");
	if (id !== undefined && (typeof id !== "string" || id === "" || id.length > ID_LENGTH_MAX))
		throw refusal(`id must be text of 1 to ${ID_LENGTH_MAX} characters`);
	if (!(sets instanceof Map)) throw refusal("set must be an object of entities and values");
	if (expires !== undefined && typeof expires !== "number") throw refusal("expires must be milliseconds since 1970");
	if (action !== undefined && !isAction(action)) throw refusal("do must be restart, identify or report");
	if (log !== undefined && !isLogLevel(log)) throw refusal("log must be off, error, warning or info");
	if (sets.size === 0 && action === undefined && log === undefined && warrant?.asksMore !== true)
		throw refusal("it asks for nothing: give set, do or log");
	return { id, sets, action, log, expiresMs: expires, warrant };
}

/** As the Content Type says, where it says anything that we know; else as the first byte tells. */
function encodingOf(payload: Uint8Array, contentType: string | undefined, own: Encoding): Encoding {
	const looksPacked = (payload[0] ?? 0) >= BEYOND_JSON;
	const isMessagePack = contentType === undefined ? looksPacked : saysPacked(contentType, looksPacked);
	if (!isMessagePack) return json;
	if (own.id !== "msgpack") throw refusal("it is in MessagePack, and this device reads JSON");
	return own;
}

function saysPacked(contentType: string, looksPacked: boolean): boolean {
	return contentType.includes("msgpack") || (!contentType.includes("json") && looksPacked);
}

function refusal(why: string): Fault {
	return new Fault("command", why);
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
	const isJson = first === 0x7b || first === 0x22 || first === 0x2d || (first >= 0x30 && first <= 0x39);
	return isJson ? readJson(payload, text) : decodeText(text, payload, 0, payload.length);
}
