import type { SessionEndKind } from "../../firmware/mqtt/types.js";
import {
	type Bytes,
	CONNACK,
	DISCONNECT,
	first,
	PINGRESP,
	PUBACK,
	PUBCOMP,
	PUBLISH,
	PUBREC,
	PUBREL,
	packet,
	properties,
	SUBACK,
	sized,
	UNSUBACK,
	word,
} from "./malformed-bytes.js";
import type { Version } from "./malformed-spec.js";

/**
 * What the session is doing when the bytes come. `connecting`: CONNECT is sent. `online`: accepted, nothing under way.
 * `busy`: with one of everything under way, see `IDS`. `leaving`: the same, with an UNSUBSCRIBE for the SUBSCRIBE.
 */
export type Scene = "connecting" | "online" | "busy" | "leaving";

/** The packet identifiers under way in a busy session. */
export const IDS = {
	/** We sent a message of QoS 1. */
	puback: 1,
	/** We sent a message of QoS 2. */
	pubrec: 2,
	/** We sent a message of QoS 2 and, as the server has it, a PUBREL. */
	pubcomp: 3,
	/** We sent a SUBSCRIBE, or an UNSUBSCRIBE, of one filter. */
	request: 4,
	/** The server sent a message of QoS 2, and we a PUBREC. */
	pubrel: 9,
	/** Nobody's. */
	unknown: 77,
} as const;

/** Topic aliases that our CONNECT allows, and the largest packet that it takes, in every scene. */
export const TOPIC_ALIAS_MAX = 4;
export const RECEIVE_BYTES_MAX = 256;

export const MALFORMED: readonly number[] = [0x81];
export const PROTOCOL: readonly number[] = [0x82];
/** Where the specification says that it is wrong, and not which of the two it is. */
export const EITHER: readonly number[] = [0x81, 0x82];

/** What must come of it. */
export interface Verdict {
	/** What the device hears, in this order: `message <topic> <payload>`, `acknowledged <token> taken`, ... */
	readonly heard: readonly string[];
	/** What the server is answered. */
	readonly sent: readonly string[];
	/** How the session ends; not at all when it is left out. */
	readonly ends?: readonly SessionEndKind[];
	/** Reason codes, one of which the DISCONNECT carries that ends it (MQTT 5, once it is online). None: no DISCONNECT. */
	readonly codes?: readonly number[];
}

export interface Case {
	readonly version: Version;
	readonly scene: Scene;
	/** What is wrong, and the clause that says so. */
	readonly group: string;
	readonly what: string;
	readonly bytes: Bytes;
	/** Any of them will do; more than one where the specification leaves it open. */
	readonly verdicts: readonly Verdict[];
}

/** The session ends, and says so with one of these codes (§4.13.1); after it heard and answered what came before. */
export function closes(codes: readonly number[], heard: readonly string[] = [], sent: readonly string[] = []): Verdict {
	return { heard, sent, ends: ["protocol"], codes };
}

/** The session ends without a word, because the server said so. */
export function ends(...kinds: readonly SessionEndKind[]): Verdict {
	return { heard: [], sent: [], ends: kinds };
}

/** The session goes on. */
export function stays(heard: readonly string[] = [], sent: readonly string[] = []): Verdict {
	return { heard, sent };
}

/** The scene in which a packet of this type has its place. */
export function sceneOf(type: number): Scene {
	if (type === CONNACK) return "connecting";
	if (type === UNSUBACK) return "leaving";
	return [PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK].includes(type) ? "busy" : "online";
}

/** The identifier of a packet of this type that is waited for. */
export function idOf(type: number): number {
	switch (type) {
		case PUBACK:
			return IDS.puback;
		case PUBREC:
			return IDS.pubrec;
		case PUBREL:
			return IDS.pubrel;
		case PUBCOMP:
			return IDS.pubcomp;
		default:
			return IDS.request;
	}
}

/** One part of a packet; what is `loose` may be left out together with all that follows, or cut anywhere. */
export interface Part {
	readonly name: string;
	readonly bytes: Bytes;
	readonly loose?: "optional" | "payload";
}

export interface Filling {
	readonly code?: number;
	readonly id?: number;
	readonly properties?: Bytes;
	readonly topic?: string | Bytes;
	readonly qos?: 0 | 1 | 2;
	readonly payload?: string | Bytes;
}

/** The body of a packet that is right in its scene, part by part. */
export function parts(type: number, version: Version, filling: Filling = {}): readonly Part[] {
	const code: Part = { name: "code", bytes: [filling.code ?? 0] };
	const id: Part = { name: "identifier", bytes: word(filling.id ?? idOf(type)) };
	const list: Part = { name: "properties", bytes: filling.properties ?? properties() };
	const last = version === 5 ? [list] : [];
	const loose = (part: Part): Part => ({ ...part, loose: "optional" });
	switch (type) {
		case CONNACK:
			return [{ name: "flags", bytes: [0] }, code, ...last];
		case PUBLISH: {
			const { topic = "t", payload = "pay", qos = 0 } = filling;
			const number = qos === 0 ? [] : [{ name: "identifier", bytes: word(filling.id ?? 20) }];
			const bytes = typeof payload === "string" ? sized(payload).slice(2) : payload;
			return [{ name: "topic", bytes: sized(topic) }, ...number, ...last, { name: "payload", bytes, loose: "payload" }];
		}
		case SUBACK:
			return [id, ...last, code];
		case UNSUBACK:
			return version === 5 ? [id, list, code] : [id];
		case DISCONNECT:
			return [loose(code), loose(list)];
		case PINGRESP:
			return [];
		default:
			return version === 5 ? [id, loose(code), loose(list)] : [id];
	}
}

/** A packet that is right in its scene, and as short as it may be. */
export function rightPacket(type: number, version: Version, filling: Filling = {}): Bytes {
	const flags = type === PUBLISH ? (filling.qos ?? 0) << 1 : 0;
	const needed = parts(type, version, filling).filter(
		({ loose }) => loose !== "optional" || filling.code !== undefined || filling.properties !== undefined,
	);
	return packet(first(type) | flags, ...needed.map(({ bytes }) => bytes));
}

/** What must come of a packet that is right in its scene. */
export function rightVerdict(
	type: number,
	version: Version,
	{ code = 0, qos = 0, topic = "t" }: Filling = {},
): Verdict {
	const bad = code >= 0x80;
	switch (type) {
		case CONNACK:
			return code === 0 ? stays(["online"]) : ends("credentials", "server", "version", "moved");
		case PUBLISH: {
			const heard = [`message ${typeof topic === "string" ? topic : ""} 70 61 79`];
			return stays(heard, qos === 0 ? [] : [qos === 1 ? "40 02 00 14" : "50 02 00 14"]);
		}
		case PUBACK:
			return stays([`acknowledged 1 ${bad ? "refused" : "taken"}`]);
		case PUBREC:
			return bad ? stays(["acknowledged 2 refused"]) : stays(["acknowledged 2 taken"], ["62 02 00 02"]);
		case PUBREL:
			return stays([], ["70 02 00 09"]);
		case SUBACK:
			return stays([`subscribed ${bad ? "refused" : "taken"}`]);
		case UNSUBACK:
			return stays([`unsubscribed ${bad && version === 5 ? "refused" : "taken"}`]);
		case DISCONNECT:
			return ends(code === 0x8e ? "taken" : code === 0x9c || code === 0x9d ? "moved" : "server");
		default:
			return stays();
	}
}
