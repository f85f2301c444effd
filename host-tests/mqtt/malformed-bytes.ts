/*
 * Packets put together by hand, so that nothing of ours, nor of mqtt-packet, has a say in what is right.
 */

export type Bytes = readonly number[];

export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBREL = 6;
export const PUBCOMP = 7;
export const SUBACK = 9;
export const UNSUBACK = 11;
export const PINGRESP = 13;
export const DISCONNECT = 14;
export const AUTH = 15;

/** MQTT 5 table 2-1. */
export const NAMES: readonly string[] = [
	..."reserved CONNECT CONNACK PUBLISH PUBACK PUBREC PUBREL PUBCOMP SUBSCRIBE SUBACK".split(" "),
	..."UNSUBSCRIBE UNSUBACK PINGREQ PINGRESP DISCONNECT AUTH".split(" "),
];

/** The first byte of a packet of this type, with the flags of table 2-2. */
export function first(type: number): number {
	return (type << 4) | ([6, 8, 10].includes(type) ? 2 : 0);
}

/** A Two Byte Integer (§1.5.2). */
export function word(value: number): Bytes {
	return [value >> 8, value & 0xff];
}

/** A Four Byte Integer (§1.5.3). */
export function long(value: number): Bytes {
	return [...word(value >>> 16), ...word(value & 0xffff)];
}

/** A Variable Byte Integer (§1.5.5) in its shortest form, or in `size` bytes. */
export function varint(value: number, size = 1): Bytes {
	const bytes: number[] = [];
	for (let rest = value; rest > 0 || bytes.length < size; rest = Math.floor(rest / 128))
		bytes.push((rest % 128) | 0x80);
	bytes.push((bytes.pop() ?? 0) & 0x7f);
	return bytes;
}

/** The bytes of plain ASCII. */
export function ascii(text: string): Bytes {
	return Array.from(text, (character) => character.charCodeAt(0));
}

/** Binary Data or a UTF-8 Encoded String (§1.5.6, §1.5.4): its length comes first. */
export function sized(value: string | Bytes): Bytes {
	const bytes = typeof value === "string" ? ascii(value) : value;
	return [...word(bytes.length), ...bytes];
}

/** A whole packet. */
export function packet(firstByte: number, ...body: readonly Bytes[]): Bytes {
	const bytes = body.flat();
	return [firstByte, ...varint(bytes.length), ...bytes];
}

/** Properties, with their length. */
export function properties(...list: readonly Bytes[]): Bytes {
	const bytes = list.flat();
	return [...varint(bytes.length), ...bytes];
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes: Iterable<number>): string {
	let text = "";
	for (const byte of bytes) text += text === "" ? HEX[byte] : ` ${HEX[byte]}`;
	return text;
}

/** Numbers from a seed, the same on every engine (mulberry32). */
export function seeded(seed: number): (below: number) => number {
	let state = seed >>> 0;
	return (below) => {
		state = (state + 0x6d2b_79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}
