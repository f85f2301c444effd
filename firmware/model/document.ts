import type { Text } from "../ports/text.js";

/** A value of a remote document, in whatever it was written: names are keys of a Map, never names of properties. */
export type JsonValue = string | number | boolean | null | JsonValue[] | Map<string, JsonValue>;

/** How deep the values of a remote document may lie, and how many there may be. */
export const DEPTH_MAX = 4;
export const NODES_MAX = 64;

/** Why a remote document was refused, in plain words. */
export class DocumentRefusal extends Error {}

/** The name of a member as an encoding wants it: text for JSON, bytes for MessagePack. */
export type PreparedName = string | Uint8Array;

/**
 * Writes a batch of samples, part by part. The caller sees to it that the parts make a document: a name before each
 * value of an object, and as many as announced.
 */
export interface DocumentWriter {
	/** The most bytes that a document may have. */
	readonly room: number;
	/** Bytes of the document so far. More than `room` says that it did not fit and is of no use. */
	readonly length: number;
	/** Begins anew. */
	begin(): void;
	/** What is written so far, stays. */
	mark(): void;
	/** Takes back everything since the mark. What is open there can then only be closed. */
	rewind(): void;
	/** The document, lent until the next `begin`. */
	written(): string | Uint8Array;
	/** An object with this many members. */
	object(members: number): void;
	endObject(): void;
	/** An array, in which no other array stands. */
	array(): void;
	/** Closes the array, which got this many items. */
	endArray(items: number): void;
	name(prepared: PreparedName): void;
	/** With at most `decimals` places and no noise: 21.5, not 21.500000000000004. What is no finite number is `null`. */
	number(value: number, decimals: number): void;
	/** A whole number of up to 53 bits. */
	integer(value: number): void;
	nothing(): void;
}

/** How documents are written on the wire. What is seldom sent is made as JSON, and translated on its way out. */
export interface Encoding {
	readonly id: "json" | "msgpack";
	/** Content Type of MQTT 5. */
	readonly contentType: string;
	/** A writer of documents of up to `room` bytes. */
	writer(room: number, text: Text): DocumentWriter;
	/** The name of a member, prepared once for the writer, when the device is defined. */
	name(name: string): PreparedName;
	/** A document of our own, made as JSON, as it is sent. */
	payload(json: string, text: Text): string | Uint8Array;
	/** Reads one remote document, bounded in depth and in values. Throws `DocumentRefusal`. */
	read(bytes: Uint8Array, text: Text): JsonValue;
}
