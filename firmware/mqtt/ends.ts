import { CONNACK, type Packet } from "./packet.js";
import { connackKind, connackWords, reasonWords } from "./reasons.js";
import type { SessionEnd } from "./types.js";

/** How much of the server's own words is passed on, in characters. */
const DETAIL_MAX = 100;

/** The end that a CONNACK with a code other than 0 means. */
export function refusedConnection(packet: Packet, version: 4 | 5): SessionEnd {
	const code = (version === 5 ? packet.reasonCode : packet.returnCode) ?? 0;
	const words = `The broker refused the connection: ${connackWords(code, version)}`;
	return { kind: connackKind(code, version), reason: withDetail(words, packet) };
}

/** The end that a DISCONNECT from the server means (MQTT 5 §3.14). */
export function disconnected(packet: Packet): SessionEnd {
	const code = packet.reasonCode ?? 0;
	if (code === 0) return { kind: "server", reason: withDetail("The broker closed the connection", packet) };
	return { kind: "server", reason: withDetail(`The broker closed the connection: ${reasonWords(code)}`, packet) };
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

/** The first filter that a SUBACK refuses and why, or undefined when all are granted. */
export function refusedFilter(filters: readonly string[], granted: readonly number[]): string | undefined {
	for (let index = 0; index < filters.length; index++) {
		const code = granted[index] ?? 0x80;
		if (code > 2) return `The broker refused the subscription to ${filters[index]}: ${reasonWords(code)}`;
	}
	return undefined;
}

/** With what the server itself says about it, cut to a bearable length. */
function withDetail(words: string, packet: Packet): string {
	const elsewhere = packet.properties?.serverReference;
	const said = packet.properties?.reasonString;
	const where = elsewhere === undefined ? "" : ` (${elsewhere.substring(0, DETAIL_MAX)})`;
	return said === undefined ? words + where : `${words}${where} ("${said.substring(0, DETAIL_MAX)}")`;
}
