import { CONNACK, NAMES, packet, SUBACK, UNSUBACK } from "./malformed-bytes.js";
import {
	type Case,
	closes,
	EITHER,
	IDS,
	MALFORMED,
	PROTOCOL,
	rightPacket,
	rightVerdict,
	sceneOf,
	stays,
	type Verdict,
} from "./malformed-case.js";
import { CODES_4, CODES_5, type Version, WITH_ID } from "./malformed-spec.js";

/** Every value of every code: those of the tables mean what they say, all others are against the protocol. */
function* codes(version: Version): Generator<Case> {
	for (const [type, known] of version === 5 ? CODES_5 : CODES_4)
		for (let code = 0; code < 256; code++) {
			const good = known.includes(code);
			// "MUST use one of the ... Reason Codes" [MQTT-3.2.2-8, 3.4.2-1, 3.5.2-1, 3.6.2-1, 3.7.2-1, 3.9.3-2, 3.11.3-2, 3.14.2-1]
			const group = good ? "a code of the tables" : "a code that the packet cannot have (§2.4)";
			const what = `${NAMES[type]} with 0x${code.toString(16)}`;
			const verdicts = [good ? rightVerdict(type, version, { code }) : closes(PROTOCOL)];
			yield { version, scene: sceneOf(type), group, what, bytes: rightPacket(type, version, { code }), verdicts };
		}
}

/** Identifiers that cannot be, and those that nobody waits for (§2.2.1, §4.3). */
function* identifiers(version: Version): Generator<Case> {
	for (const type of WITH_ID) {
		const scene = sceneOf(type);
		const name = NAMES[type];
		const zero = rightPacket(type, version, { id: 0 });
		const group = "identifier 0 [MQTT-2.2.1-3, -4]";
		yield { version, scene, group, what: `${name}`, bytes: zero, verdicts: [closes(PROTOCOL)] };
		for (const id of [IDS.unknown, 0xffff, 0x0100, ...otherIds(type)]) {
			const bytes = rightPacket(type, version, { id });
			const verdicts = unknownVerdicts(type, version, id);
			yield { version, scene, group: "identifier of nobody (§4.3)", what: `${name} of ${id}`, bytes, verdicts };
			if (scene !== "busy") continue;
			yield {
				version,
				scene: "online",
				group: "identifier of nobody (§4.3)",
				what: `${name} of ${id}`,
				bytes,
				verdicts: unknownVerdicts(type, version, IDS.unknown, id),
			};
		}
	}
	for (const qos of [1, 2] as const) {
		const bytes = rightPacket(3, version, { qos, id: 0 });
		yield {
			version,
			scene: "online",
			group: "identifier 0 [MQTT-2.2.1-4]",
			what: `PUBLISH of QoS ${qos}`,
			bytes,
			verdicts: [closes(PROTOCOL)],
		};
	}
}

/** Identifiers under way that wait for something else than a packet of this type. */
function otherIds(type: number): readonly number[] {
	const all = [IDS.puback, IDS.pubrec, IDS.pubcomp, IDS.request];
	const own = [0, 0, 0, 0, IDS.puback, IDS.pubrec, 0, IDS.pubcomp, 0, IDS.request, 0, IDS.request][type];
	return all.filter((id) => id !== own);
}

const PUBREL_92 = "62 03";
const PUBCOMP_92 = "70 03";

/** `shown` is the identifier in the packet, where that is another than the one that decides. */
function unknownVerdicts(type: number, version: Version, id: number, shown = id): readonly Verdict[] {
	const number = [shown >> 8, shown & 0xff].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
	const answers = (with92: string, plain: string): Verdict[] => [
		stays([], [`${plain} ${number}`]),
		...(version === 5 ? [stays([], [`${with92} ${number} 92`])] : []),
	];
	switch (NAMES[type]) {
		case "PUBREL":
			// [MQTT-4.3.3-11]: answered in any case; what is not known is told by 0x92 (table 3-7).
			return version === 5 ? answers(PUBCOMP_92, "").slice(1) : answers("", "70 02");
		case "PUBREC":
			// That of a message of QoS 1, or of a request, contradicts what we are doing (§1.2).
			if (id === IDS.puback) return [closes(PROTOCOL)];
			// A PUBREC once more, for one that is released: PUBREL once more [MQTT-4.3.3-4].
			if (id === IDS.pubcomp) return answers("", "62 02").slice(0, 1);
			return version === 5 ? answers(PUBREL_92, "").slice(1) : [...answers("", "62 02"), closes(PROTOCOL)];
		case "PUBCOMP":
			// It follows a PUBREL after a restart, and ours of 0x92; before the PUBREC it contradicts what we are doing.
			return id === IDS.pubrec || id === IDS.puback ? [closes(PROTOCOL)] : [stays(), closes(PROTOCOL)];
		default:
			return [closes(PROTOCOL)];
	}
}

/** What a SUBACK or UNSUBACK says about filters: one code for each, no more and no fewer [MQTT-3.8.4-6, 3.9.3-1]. */
function* answers(version: Version): Generator<Case> {
	for (const type of version === 5 ? [SUBACK, UNSUBACK] : [SUBACK]) {
		const list = version === 5 ? [0] : [];
		for (const count of [2, 3, 40, 200]) {
			const bytes = packet(type << 4, [0, IDS.request], list, new Array<number>(count).fill(0));
			const what = `${NAMES[type]} with ${count} codes for one filter`;
			yield {
				version,
				scene: sceneOf(type),
				group: "number of codes (§3.8.4)",
				what,
				bytes,
				verdicts: [closes(PROTOCOL)],
			};
		}
		const none = packet(type << 4, [0, IDS.request], list);
		const what = `${NAMES[type]} without codes`;
		yield {
			version,
			scene: sceneOf(type),
			group: "number of codes (§2.4)",
			what,
			bytes: none,
			verdicts: [closes(EITHER)],
		};
		const other = type === SUBACK ? ("leaving" as const) : ("busy" as const);
		const bytes = rightPacket(type, version);
		const group = "the answer to another request (§2.2.1)";
		yield { version, scene: other, group, what: `${NAMES[type]}`, bytes, verdicts: [closes(PROTOCOL)] };
	}
}

/** The first two bytes of a CONNACK (§3.2.2.1, §3.2.2.2). */
function* connack(version: Version): Generator<Case> {
	const list = version === 5 ? [0] : [];
	const base = { version, scene: "connecting" } as const;
	for (let flags = 2; flags < 256; flags++)
		yield {
			...base,
			group: "reserved flags of a CONNACK [MQTT-3.2.2-1]",
			what: `0x${flags.toString(16)}`,
			bytes: packet(CONNACK << 4, [flags, 0], list),
			verdicts: [closes(MALFORMED)],
		};
	for (const code of (version === 5 ? CODES_5 : CODES_4).get(CONNACK) ?? [])
		yield {
			...base,
			group: "a session that there cannot be [MQTT-3.2.2-2, -4, -6]",
			what: `code 0x${code.toString(16)}`,
			bytes: packet(CONNACK << 4, [1, code], list),
			verdicts: [closes(PROTOCOL)],
		};
}

export function* codeCases(version: Version): Generator<Case> {
	yield* codes(version);
	yield* identifiers(version);
	yield* answers(version);
	yield* connack(version);
}
