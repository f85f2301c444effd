import {
	type Bytes,
	CONNACK,
	DISCONNECT,
	long,
	PUBACK,
	PUBCOMP,
	PUBLISH,
	PUBREC,
	PUBREL,
	SUBACK,
	sized,
	UNSUBACK,
	varint,
	word,
} from "./malformed-bytes.js";

/*
 * What the specifications say in tables, typed from them: MQTT 5 tables 2-4 and 2-6 and those of each packet, MQTT 3.1.1
 * table 3.1 and §3.9.3.
 */

export type Version = 4 | 5;

/** The packets that a server sends, and that have properties. */
export const WITH_PROPERTIES: readonly number[] = [
	...[CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK, DISCONNECT],
];

/** The packets that acknowledge one of ours, or one of a pair. */
export const WITH_ID: readonly number[] = [PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK];

// 0x95 is not in the tables, and Mosquitto 2.0 says it all the same.
const PUBACK_CODES = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x95, 0x97, 0x99];
const PUBREL_CODES = [0x00, 0x92];

/** The reason codes that a server may put into a packet of MQTT 5, by its type. */
export const CODES_5: ReadonlyMap<number, readonly number[]> = new Map([
	[
		CONNACK,
		[
			...[0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97],
			...[0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9f],
		],
	],
	[PUBACK, PUBACK_CODES],
	[PUBREC, PUBACK_CODES],
	[PUBREL, PUBREL_CODES],
	[PUBCOMP, PUBREL_CODES],
	[SUBACK, [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2]],
	[UNSUBACK, [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91]],
	// Table 3-10 without 0x04, which is the client's, nor 0x8c, which stands in no DISCONNECT.
	[
		DISCONNECT,
		[
			...[0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96],
			...[0x97, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
		],
	],
]);

/** The same of MQTT 3.1.1; its other packets have none. */
export const CODES_4: ReadonlyMap<number, readonly number[]> = new Map([
	[CONNACK, [0, 1, 2, 3, 4, 5]],
	[SUBACK, [0, 1, 2, 0x80]],
]);

/** How the value of a property is written (table 2-4), and from when on it is out of its range. */
export type Kind =
	| "flag"
	| "word"
	| "word from 1"
	| "long"
	| "long from 1"
	| "varint from 1"
	| "binary"
	| "text"
	| "pair";

export interface Property {
	readonly id: number;
	readonly name: string;
	readonly kind: Kind;
	/** Packets from a server in which it may stand, when we ask for nothing special. */
	readonly places: readonly number[];
	/** It may stand there more than once. */
	readonly repeats?: true;
}

const ACKS = [PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK, UNSUBACK];

export const PROPERTIES: readonly Property[] = [
	{ id: 1, name: "Payload Format Indicator", kind: "flag", places: [PUBLISH] },
	{ id: 2, name: "Message Expiry Interval", kind: "long", places: [PUBLISH] },
	{ id: 3, name: "Content Type", kind: "text", places: [PUBLISH] },
	{ id: 8, name: "Response Topic", kind: "text", places: [PUBLISH] },
	{ id: 9, name: "Correlation Data", kind: "binary", places: [PUBLISH] },
	{ id: 11, name: "Subscription Identifier", kind: "varint from 1", places: [PUBLISH], repeats: true },
	{ id: 17, name: "Session Expiry Interval", kind: "long", places: [CONNACK] },
	{ id: 18, name: "Assigned Client Identifier", kind: "text", places: [CONNACK] },
	{ id: 19, name: "Server Keep Alive", kind: "word", places: [CONNACK] },
	{ id: 21, name: "Authentication Method", kind: "text", places: [] },
	{ id: 22, name: "Authentication Data", kind: "binary", places: [] },
	{ id: 23, name: "Request Problem Information", kind: "flag", places: [] },
	{ id: 24, name: "Will Delay Interval", kind: "long", places: [] },
	{ id: 25, name: "Request Response Information", kind: "flag", places: [] },
	{ id: 26, name: "Response Information", kind: "text", places: [] },
	{ id: 28, name: "Server Reference", kind: "text", places: [CONNACK, DISCONNECT] },
	{ id: 31, name: "Reason String", kind: "text", places: [CONNACK, ...ACKS, DISCONNECT] },
	{ id: 33, name: "Receive Maximum", kind: "word from 1", places: [CONNACK] },
	{ id: 34, name: "Topic Alias Maximum", kind: "word", places: [CONNACK] },
	{ id: 35, name: "Topic Alias", kind: "word from 1", places: [PUBLISH] },
	{ id: 36, name: "Maximum QoS", kind: "flag", places: [CONNACK] },
	{ id: 37, name: "Retain Available", kind: "flag", places: [CONNACK] },
	{ id: 38, name: "User Property", kind: "pair", places: [CONNACK, PUBLISH, ...ACKS, DISCONNECT], repeats: true },
	{ id: 39, name: "Maximum Packet Size", kind: "long from 1", places: [CONNACK] },
	{ id: 40, name: "Wildcard Subscription Available", kind: "flag", places: [CONNACK] },
	{ id: 41, name: "Subscription Identifiers Available", kind: "flag", places: [CONNACK] },
	{ id: 42, name: "Shared Subscription Available", kind: "flag", places: [CONNACK] },
];

/** Values of a kind that are right, the first of them a plain one. */
export function rightValues(kind: Kind): readonly Bytes[] {
	switch (kind) {
		case "flag":
			return [[1], [0]];
		case "word":
			return [word(300), word(0), word(0xffff)];
		case "word from 1":
			return [word(2), word(1)];
		case "long":
			return [long(70_000), long(0), long(0xffff_ffff)];
		case "long from 1":
			return [long(70_000), long(0xffff_ffff)];
		case "varint from 1":
			return [varint(200), varint(1), varint(268_435_455)];
		case "binary":
			return [sized([0, 255]), sized([])];
		case "text":
			return [sized("ab"), sized([0xf0, 0x9f, 0x98, 0x80])];
		default:
			return [
				[...sized("name"), ...sized("value")],
				[...sized(""), ...sized("")],
			];
	}
}

/** Values that can be read, and must not be (Protocol Error). */
export function wrongValues(kind: Kind): readonly Bytes[] {
	switch (kind) {
		case "flag":
			return [[2], [3], [0x80], [0xff]];
		case "word from 1":
			return [word(0)];
		case "long from 1":
			return [long(0)];
		case "varint from 1":
			return [varint(0)];
		default:
			return [];
	}
}

/** Not a UTF-8 Encoded String [MQTT-1.5.4-1, -2]: Unicode table 3-7, broken at each of its borders, and U+0000. */
export const BAD_TEXTS: readonly (readonly [string, Bytes])[] = [
	["a follower alone", [0x80]],
	["two bytes cut short", [0xc3]],
	["two bytes with a letter for the second", [0xc3, 0x41]],
	["a letter in two bytes", [0xc1, 0xbf]],
	["U+0000 in two bytes", [0xc0, 0x80]],
	["three bytes cut short", [0xe2, 0x82]],
	["three bytes with a letter for the third", [0xe2, 0x82, 0x41]],
	["three bytes for what fits in two", [0xe0, 0x9f, 0xbf]],
	["the first half of a pair", [0xed, 0xa0, 0x80]],
	["the second half of a pair", [0xed, 0xbf, 0xbf]],
	["a pair in six bytes", [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
	["four bytes cut short", [0xf0, 0x9f, 0x98]],
	["four bytes for what fits in three", [0xf0, 0x8f, 0xbf, 0xbf]],
	["beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
	["a lead byte that there is not", [0xf5, 0x80, 0x80, 0x80]],
	["five bytes", [0xf8, 0x88, 0x80, 0x80, 0x80]],
	["0xff", [0xff]],
	["U+0000", [0x00]],
	["U+0000 among letters", [0x61, 0x00, 0x62]],
	["a bad end after good letters", [0x61, 0xc3, 0xa4, 0xe2]],
];

/** Unusual, and right: no receiver may stumble over it, or change it [MQTT-1.5.4-3]. */
export const ODD_TEXTS: readonly (readonly [string, Bytes])[] = [
	["U+FEFF", [0xef, 0xbb, 0xbf]],
	["U+FEFF and a letter", [0xef, 0xbb, 0xbf, 0x61]],
	["a control character", [0x01]],
	["U+007F", [0x7f]],
	["U+0080", [0xc2, 0x80]],
	["U+07FF and U+0800", [0xdf, 0xbf, 0xe0, 0xa0, 0x80]],
	["U+D7FF and U+E000", [0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80]],
	["U+FFFF, no character", [0xef, 0xbf, 0xbf]],
	["U+10000 and U+10FFFF", [0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf]],
];
