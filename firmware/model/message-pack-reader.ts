import type { Text } from "../ports/text.js";
import { DEPTH_MAX, DocumentRefusal, type JsonValue, NODES_MAX } from "./document.js";
import { decodeText } from "./json.js";

const TWO_TO_32 = 0x1_0000_0000;

/**
 * Reads one MessagePack document (github.com/msgpack/msgpack/blob/master/spec.md), bounded in depth and in values. What
 * a length announces costs nothing before it is there. Refuses what JSON has not: binary data, extension types, names
 * that are no text, numbers beyond 53 bits or not finite; and a name that comes twice. Throws `DocumentRefusal`.
 *
 * Our own, because the libraries make a property of every name, which XS never forgets, and have no bound on values;
 * @msgpack/msgpack besides wants a TextDecoder and a cache of names that it writes to, which cannot be preloaded.
 */
export function readMessagePack(bytes: Uint8Array, text: Text): JsonValue {
	const reader: Reader = { bytes, text, at: 0, nodesLeft: NODES_MAX };
	const value = readValue(reader, 0);
	if (reader.at !== bytes.length) refuse("something follows the MessagePack document");
	return value;
}

interface Reader {
	readonly bytes: Uint8Array;
	readonly text: Text;
	at: number;
	nodesLeft: number;
}

function refuse(why: string): never {
	throw new DocumentRefusal(why);
}

function readValue(reader: Reader, depth: number): JsonValue {
	if (depth > DEPTH_MAX) refuse(`the MessagePack document is nested more than ${DEPTH_MAX} deep`);
	if (--reader.nodesLeft < 0) refuseValues();
	const first = readUint(reader, 1);
	if (first < 0x80) return first;
	if (first < 0x90) return readMap(reader, first & 0x0f, depth);
	if (first < 0xa0) return readArray(reader, first & 0x0f, depth);
	if (first < 0xc0) return readText(reader, first & 0x1f);
	if (first >= 0xe0) return first - 0x100;
	return first < 0xca || (first > 0xd3 && first < 0xd9) ? readOddity(first) : readSized(reader, first, depth);
}

/** What has no length and is no number; and what we do not take. */
function readOddity(first: number): boolean | null {
	switch (first) {
		case 0xc0:
			return null;
		case 0xc2:
			return false;
		case 0xc3:
			return true;
		case 0xc1:
			return refuse("this is no MessagePack document");
		case 0xc4:
		case 0xc5:
		case 0xc6:
			return refuse("binary data stands in the MessagePack document");
		default:
			return refuse("an extension type stands in the MessagePack document");
	}
}

function readSized(reader: Reader, first: number, depth: number): JsonValue {
	switch (first) {
		case 0xca:
			return readFloat(reader, 4);
		case 0xcb:
			return readFloat(reader, 8);
		case 0xcc:
		case 0xcd:
		case 0xce:
			return readUint(reader, 1 << (first - 0xcc));
		case 0xcf:
			return safe(readUint(reader, 4) * TWO_TO_32 + readUint(reader, 4));
		case 0xd0:
		case 0xd1:
		case 0xd2: {
			const unused = 32 - (8 << (first - 0xd0));
			return (readUint(reader, 1 << (first - 0xd0)) << unused) >> unused;
		}
		case 0xd3:
			return safe((readUint(reader, 4) | 0) * TWO_TO_32 + readUint(reader, 4));
		case 0xdc:
		case 0xdd:
			return readArray(reader, readUint(reader, 2 << (first - 0xdc)), depth);
		case 0xde:
		case 0xdf:
			return readMap(reader, readUint(reader, 2 << (first - 0xde)), depth);
		default:
			return readText(reader, readUint(reader, 1 << (first - 0xd9)));
	}
}

function readMap(reader: Reader, count: number, depth: number): Map<string, JsonValue> {
	if (count > reader.nodesLeft) refuseValues();
	const members = new Map<string, JsonValue>();
	for (let i = 0; i < count; i++) {
		const name = readName(reader);
		if (members.has(name)) refuse("a name comes twice in the MessagePack document");
		members.set(name, readValue(reader, depth + 1));
	}
	return members;
}

function readName(reader: Reader): string {
	const first = readUint(reader, 1);
	if (first >= 0xa0 && first < 0xc0) return readText(reader, first & 0x1f);
	if (first < 0xd9 || first > 0xdb) refuse("a name is no text in the MessagePack document");
	return readText(reader, readUint(reader, 1 << (first - 0xd9)));
}

function readArray(reader: Reader, count: number, depth: number): JsonValue[] {
	if (count > reader.nodesLeft) refuseValues();
	const items: JsonValue[] = [];
	for (let i = 0; i < count; i++) items.push(readValue(reader, depth + 1));
	return items;
}

function readText(reader: Reader, count: number): string {
	const start = take(reader, count);
	return decodeText(reader.text, reader.bytes, start, reader.at);
}

function readFloat(reader: Reader, size: 4 | 8): number {
	const { bytes } = reader;
	const view = new DataView(bytes.buffer, bytes.byteOffset + take(reader, size), size);
	const value = size === 4 ? view.getFloat32(0) : view.getFloat64(0);
	return Number.isFinite(value) ? value : refuse("a number is out of range");
}

/** `size` bytes, 1 to 4, the highest first. */
function readUint(reader: Reader, size: number): number {
	let value = 0;
	for (let at = take(reader, size); at < reader.at; at++) value = value * 0x100 + (reader.bytes[at] as number);
	return value;
}

/** The next `count` bytes; returns where they begin. */
function take(reader: Reader, count: number): number {
	const start = reader.at;
	if (count > reader.bytes.length - start) refuse("the MessagePack document is cut short");
	reader.at = start + count;
	return start;
}

function safe(value: number): number {
	return Number.isSafeInteger(value) ? value : refuse("a number is out of range");
}

function refuseValues(): never {
	return refuse("the MessagePack document has too many values");
}
