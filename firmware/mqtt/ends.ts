import { CONNACK, type Packet } from "./packet.js";
import { connackKind, connackWords, endKind, reasonWords } from "./reasons.js";
import type { SessionEnd } from "./types.js";

/** How much of the server's own words is passed on, in characters. */
const DETAIL_MAX = 100;

/** The end that a CONNACK with a code other than 0 means. */
export function refusedConnection(packet: Packet, version: 4 | 5): SessionEnd {
	const code = (version === 5 ? packet.reasonCode : packet.returnCode) ?? 0;
	const words = `The broker refused the connection: ${connackWords(code, version)}`;
	return { kind: connackKind(code, version), reason: withDetail(words, packet) };
}

/** The end that the loss of the stream means; perhaps a server that does not know MQTT 5 hung up on its CONNECT. */
export function lost(reason: string, maybeOld: boolean): SessionEnd {
	if (!maybeOld) return { kind: "network", reason: `The connection was lost: ${reason}` };
	return { kind: "version", reason: `The broker hung up on MQTT 5, as one does that knows 3.1.1 only (${reason})` };
}

/** The end that a deadline means: the stream did not open in time, or the server did not answer. */
export function silent(isOpening: boolean, openMs: number, answerMs: number): SessionEnd {
	const reason = isOpening ? `The connection did not open within ${openMs / 1000} s` : undefined;
	return { kind: "network", reason: reason ?? `The broker did not answer within ${answerMs / 1000} s` };
}

/** The end that a DISCONNECT from the server means (MQTT 5 §3.14). */
export function disconnected(packet: Packet): SessionEnd {
	const code = packet.reasonCode ?? 0;
	if (code === 0) return { kind: "server", reason: withDetail("The broker closed the connection", packet) };
	return { kind: endKind(code), reason: withDetail(`The broker closed the connection: ${reasonWords(code)}`, packet) };
}

/**
 * Whether a packet is the CONNACK of MQTT 3.1.1, which has two bytes and no properties: what a server that does not know
 * MQTT 5 answers to its CONNECT.
 */
export function isOldAnswer(bytes: Uint8Array, start: number, end: number): boolean {
	return end - start === 4 && bytes[start] === CONNACK << 4;
}

/** The server answered a CONNECT of MQTT 5 as a server does that does not know it. */
export const OLD_SERVER: SessionEnd = Object.freeze({
	kind: "version",
	reason: "The broker answered as one that knows MQTT 3.1.1 only",
});

/** The server has a session for our client id, and this device knows nothing of it. */
export const UNKNOWN_SESSION: SessionEnd = Object.freeze({
	kind: "server",
	reason: "The broker kept a session that this device no longer knows, and is asked to forget it",
});

/**
 * The first filter that a SUBACK or an UNSUBACK refuses and why, or undefined when it refuses none.
 * @param what was asked for, as the words before the filter.
 * @param said the server's own words.
 */
export function refusedFilter(
	what: string,
	filters: readonly string[],
	codes: readonly number[],
	said?: string,
): string | undefined {
	for (let index = 0; index < filters.length; index++) {
		const code = codes[index] ?? 0x80;
		if (code >= 0x80) return quoting(`The broker refused ${what} ${filters[index]}: ${reasonWords(code)}`, said);
	}
	return undefined;
}

/** Why the server does not take a message. */
export function refusedMessage(code: number, said: string | undefined): string {
	return quoting(`The broker refused the message: ${reasonWords(code)}`, said);
}

/** With where the server sends us, and what it says itself. */
function withDetail(words: string, packet: Packet): string {
	const elsewhere = packet.properties?.serverReference;
	const where = elsewhere === undefined ? "" : ` (${elsewhere.substring(0, DETAIL_MAX)})`;
	return quoting(words + where, packet.properties?.reasonString);
}

/** With the server's own words, cut to a bearable length. */
function quoting(words: string, said: string | undefined): string {
	return said === undefined ? words : `${words} ("${said.substring(0, DETAIL_MAX)}")`;
}
