import type { PublishExtras } from "./types.js";

/*
 * The head of a message is everything before its payload (MQTT 5 §3.3). What there is to know of one beside its bytes fits
 * into one number, which takes less memory than an object: its flags, where the identifier goes, its size in bytes, where
 * its body begins, and the alias that stands for its topic.
 */

/** Longest head that is kept, in bytes: longer ones are seldom, and made each time. */
export const HEAD_BYTES_MAX = 128;
/** Of no message at all: there are no such flags. */
export const NO_HEAD = 15;

// How far up each is. Exported for where a call costs too much.
const ID_AT = 4;
export const SIZE = 12;
export const BODY_AT = 20;
const ALIAS = 23;

/**
 * What there is to know of a head.
 * @param flags QoS and RETAIN, as in the first byte.
 * @param idAt where the identifier goes; of QoS 0 there is none.
 * @param size in bytes, at most HEAD_BYTES_MAX.
 * @param bodyAt where the length ends, 2 to 5.
 * @param alias what stands for the topic, at most 15; 0 where it stands for itself.
 */
export function headOf(flags: number, idAt: number, size: number, bodyAt: number, alias: number): number {
	return flags | (idAt << ID_AT) | (size << SIZE) | (bodyAt << BODY_AT) | (alias << ALIAS);
}

/** QoS and RETAIN, as in the first byte. */
export function flagsOf(head: number): number {
	return head & 15;
}

/** Where the identifier goes. */
export function idAtOf(head: number): number {
	return (head >> ID_AT) & 0xff;
}

/** In bytes. */
export function sizeOf(head: number): number {
	return (head >> SIZE) & 0xff;
}

/** Where the length ends. */
export function bodyAtOf(head: number): number {
	return (head >> BODY_AT) & 7;
}

/** What stands for the topic, 0 where it stands for itself. */
export function aliasOf(head: number): number {
	return head >> ALIAS;
}

/** Where the body of the packet in `bytes` begins: behind its length. */
export function bodyStart(bytes: Uint8Array): number {
	let at = 1;
	while ((bytes[at] as number) > 0x7f) at++;
	return at + 1;
}

/** A message that carries no more than its content type may come again with the same; all else belongs to one message. */
export function isRepeated(extras: PublishExtras | undefined): boolean {
	if (extras === undefined) return true;
	const { correlationData, messageExpiryS, responseTopic, userProperties } = extras;
	if (correlationData !== undefined || messageExpiryS !== undefined) return false;
	return responseTopic === undefined && userProperties === undefined;
}
