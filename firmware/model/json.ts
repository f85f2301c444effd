import type { Text } from "../ports/text.js";
import { DEPTH_MAX, DocumentRefusal, type Encoding, type JsonValue, NODES_MAX } from "./document.js";
import { readPlainObject } from "./json-plain.js";
import { JsonWriter } from "./json-writer.js";

/** JSON (RFC 8259): what every program can read. */
export const json: Encoding = Object.freeze<Encoding>({
	id: "json",
	contentType: "application/json",
	writer: (room) => new JsonWriter(room),
	name: (name) => `${JSON.stringify(name)}:`,
	payload: (own) => own,
	read: (bytes, text) => readJson(bytes, text),
});

/**
 * Reads one JSON document (RFC 8259) from bytes, bounded in depth and in values. Works on the bytes, since indexing a
 * string is slow on XS, and refuses a name that comes twice in one object. Throws `DocumentRefusal`.
 *
 * Our own, because `JSON.parse` has no bound and makes a property of every name, which XS never forgets, and so do the
 * libraries that read JSON by and by.
 */
export function readJson(bytes: Uint8Array, text: Text, nodesMax = NODES_MAX): JsonValue {
	if (bytes[0] === 0x7b && nodesMax === NODES_MAX) {
		const members = readPlainObject(decodeText(text, bytes, 0, bytes.length));
		if (members !== undefined) return members;
	}
	const reader: Reader = { bytes, end: bytes.length, text, at: 0, nodesLeft: nodesMax };
	const value = readValue(reader, 0);
	skipSpace(reader);
	if (reader.at !== reader.end) refuse("something follows the JSON document");
	return value;
}

interface Reader {
	readonly bytes: Uint8Array;
	/** How many bytes that is: asking them each time takes longer than all else that is done with one. */
	readonly end: number;
	readonly text: Text;
	at: number;
	nodesLeft: number;
}

function refuse(why: string): never {
	throw new DocumentRefusal(why);
}

function readValue(reader: Reader, depth: number): JsonValue {
	if (depth > DEPTH_MAX) refuse(`the JSON document is nested more than ${DEPTH_MAX} deep`);
	if (--reader.nodesLeft < 0) refuse("the JSON document has too many values");
	skipSpace(reader);
	switch (reader.bytes[reader.at]) {
		case 0x7b: // {
			return readObject(reader, depth);
		case 0x5b: // [
			return readArray(reader, depth);
		case 0x22: // "
			return readString(reader);
		case 0x74:
			return readWord(reader, "true", true);
		case 0x66:
			return readWord(reader, "false", false);
		case 0x6e:
			return readWord(reader, "null", null);
		default:
			return readNumber(reader);
	}
}

function readObject(reader: Reader, depth: number): Map<string, JsonValue> {
	const members = new Map<string, JsonValue>();
	reader.at++;
	if (nextIs(reader, 0x7d)) return members;
	do {
		skipSpace(reader);
		if (reader.bytes[reader.at] !== 0x22) refuse("a name in quotation marks is missing in the JSON document");
		const name = readString(reader);
		if (!nextIs(reader, 0x3a)) refuse("a colon is missing in the JSON document");
		if (members.has(name)) refuse("a name comes twice in the JSON document");
		members.set(name, readValue(reader, depth + 1));
	} while (nextIs(reader, 0x2c));
	if (!nextIs(reader, 0x7d)) refuse("a closing brace is missing in the JSON document");
	return members;
}

function readArray(reader: Reader, depth: number): JsonValue[] {
	const items: JsonValue[] = [];
	reader.at++;
	if (nextIs(reader, 0x5d)) return items;
	do items.push(readValue(reader, depth + 1));
	while (nextIs(reader, 0x2c));
	if (!nextIs(reader, 0x5d)) refuse("a closing bracket is missing in the JSON document");
	return items;
}

function readWord<T>(reader: Reader, word: string, value: T): T {
	for (let i = 0; i < word.length; i++) {
		if (reader.bytes[reader.at + i] !== word.charCodeAt(i)) refuse("this is no JSON document");
	}
	reader.at += word.length;
	return value;
}

/** Finds the end of the string, then lets the engine's own parser undo the escapes. */
function readString(reader: Reader): string {
	const start = reader.at;
	const { bytes, end } = reader;
	for (let at = start + 1; at < end; at++) {
		const byte = bytes[at] as number;
		if (byte === 0x5c) at++;
		else if (byte < 0x20) refuse("a control character stands in a JSON string");
		else if (byte === 0x22) {
			reader.at = at + 1;
			return undoEscapes(decodeText(reader.text, bytes, start, at + 1));
		}
	}
	return refuse("a JSON string does not end");
}

/** `bytes[start..end)` as text. Throws `DocumentRefusal` in place of whatever the engine throws at bad UTF-8. */
export function decodeText(text: Text, bytes: Uint8Array, start: number, end: number): string {
	try {
		return text.decode(bytes, start, end);
	} catch {
		return refuse("the text is not valid UTF-8");
	}
}

function undoEscapes(quoted: string): string {
	let value: unknown;
	try {
		value = JSON.parse(quoted);
	} catch {
		refuse("a JSON string holds a wrong escape");
	}
	return value as string;
}

function readNumber(reader: Reader): number {
	const start = reader.at;
	const { bytes } = reader;
	if (bytes[reader.at] === 0x2d) reader.at++;
	if (bytes[reader.at] === 0x30) reader.at++;
	else digits(reader);
	if (bytes[reader.at] === 0x2e) {
		reader.at++;
		digits(reader);
	}
	if (((bytes[reader.at] ?? 0) | 0x20) === 0x65) {
		reader.at++;
		if (bytes[reader.at] === 0x2b || bytes[reader.at] === 0x2d) reader.at++;
		digits(reader);
	}
	const value = Number(decodeText(reader.text, bytes, start, reader.at));
	if (!Number.isFinite(value)) refuse("a number is out of range");
	return value;
}

function digits(reader: Reader): void {
	const start = reader.at;
	for (;;) {
		const byte = reader.bytes[reader.at] ?? 0;
		if (byte < 0x30 || byte > 0x39) break;
		reader.at++;
	}
	if (reader.at === start) refuse("this is no JSON document");
}

function skipSpace(reader: Reader): void {
	for (;;) {
		const byte = reader.bytes[reader.at];
		if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return;
		reader.at++;
	}
}

/** Takes `byte` when it comes next, white space aside. */
function nextIs(reader: Reader, byte: number): boolean {
	skipSpace(reader);
	if (reader.bytes[reader.at] !== byte) return false;
	reader.at++;
	return true;
}
