import {
	AUTH,
	ascii,
	type Bytes,
	CONNACK,
	DISCONNECT,
	first,
	NAMES,
	PINGRESP,
	PUBLISH,
	packet,
	properties,
	sized,
	UNSUBACK,
	varint,
	word,
} from "./malformed-bytes.js";
import {
	type Case,
	closes,
	EITHER,
	ends,
	MALFORMED,
	PROTOCOL,
	parts,
	RECEIVE_BYTES_MAX,
	rightPacket,
	rightVerdict,
	sceneOf,
	type Verdict,
} from "./malformed-case.js";
import { type Version, WITH_ID } from "./malformed-spec.js";

const FROM_CLIENT = [1, 8, 10, 12];

/** The types of the packets that a server may send. */
export function serverTypes(version: Version): readonly number[] {
	return [CONNACK, PUBLISH, ...WITH_ID, PINGRESP, ...(version === 5 ? [DISCONNECT] : [])];
}

function body(type: number, version: Version): Bytes {
	const list = version === 5 ? properties() : [];
	if (type === 1) return [...sized("MQTT"), version, 2, 0, 60, ...list, ...sized("a")];
	if (type === 8) return [...word(1), ...list, ...sized("t"), 0];
	if (type === 10) return [...word(1), ...list, ...sized("t")];
	if (type === AUTH) return [0x18, ...properties([21, ...sized("x")])];
	if (type === 0 || type === 12) return [];
	return parts(type, version)
		.filter(({ loose }) => loose !== "optional")
		.flatMap(({ bytes }) => [...bytes]);
}

/** Why a first byte is wrong (§2.1.2, §2.1.3), as codes; undefined when it is right. */
function firstByteCodes(byte: number, version: Version): readonly number[] | undefined {
	const type = byte >> 4;
	const flags = byte & 15;
	const right = byte === first(type);
	if (type === 0 || (type === AUTH && version === 4)) return MALFORMED;
	if (type === PUBLISH) {
		if ((flags & 6) === 6) return MALFORMED; // [MQTT-3.3.1-4]
		return (flags & 14) === 8 ? EITHER : undefined; // [MQTT-3.3.1-2]
	}
	// Two faults at once: any of them may be told (§4.13.2).
	if (FROM_CLIENT.includes(type) || type === AUTH || (type === DISCONNECT && version === 4))
		return right ? PROTOCOL : EITHER;
	return right ? undefined : MALFORMED;
}

function* firstBytes(version: Version): Generator<Case> {
	for (let byte = 0; byte < 256; byte++) {
		const codes = firstByteCodes(byte, version);
		const type = byte >> 4;
		const id = type === PUBLISH && byte & 6 ? word(7) : [];
		const whole =
			type === PUBLISH
				? packet(byte, sized("t"), id, version === 5 ? properties() : [], ascii("pay"))
				: packet(byte, body(type, version));
		const what = `${NAMES[type]}, first byte 0x${byte.toString(16)}`;
		if (codes !== undefined) {
			const group = "first byte of a packet (§2.1.2, §2.1.3)";
			yield { version, scene: sceneOf(type), group, what, bytes: whole, verdicts: [closes(codes)] };
		}
		// [MQTT-3.2.0-1]; a DISCONNECT [MQTT-3.14.0-1]
		if (type === CONNACK && codes === undefined) continue;
		const group = "anything before CONNACK (§3.2)";
		yield { version, scene: "connecting", group, what, bytes: whole, verdicts: [closes(EITHER)] };
	}
	for (const noise of ["HTTP/1.1 400 Bad Request\r\n\r\n", "\u0016\u0003\u0003\u0000\u0002\u0002(", "SSH-2.0-x\r\n"]) {
		const group = "what is no MQTT at all";
		for (const scene of ["connecting", "online"] as const)
			yield { version, scene, group, what: noise.substring(0, 4), bytes: ascii(noise), verdicts: [closes(EITHER)] };
	}
}

/** Lengths that are wrong in themselves, before a single byte of what they promise (§1.5.5, §2.1.4). */
function* lengths(version: Version): Generator<Case> {
	for (const type of serverTypes(version)) {
		const scene = sceneOf(type);
		const right = rightPacket(type, version);
		const rest = right.slice(2);
		const name = NAMES[type];
		for (const size of [2, 3, 4]) {
			// MQTT 5 forbids it [MQTT-1.5.5-1]; MQTT 3.1.1 §2.2.3 says nothing of it.
			const verdicts: Verdict[] = [closes(EITHER)];
			if (version === 4) verdicts.push(rightVerdict(type, version));
			const bytes = [right[0] as number, ...varint(rest.length, size), ...rest];
			yield {
				version,
				scene,
				group: "length not in its shortest form",
				what: `${name}, ${size} bytes`,
				bytes,
				verdicts,
			};
		}
		for (const tail of [[0x01], [0x00], [0x80, 0x80, 0x80, 0x80, 0x01]]) {
			const bytes = [right[0] as number, 0x80, 0x80, 0x80, 0x80, ...tail, ...rest];
			const group = "length of more than four bytes";
			yield { version, scene, group, what: `${name}, 0x${tail[0]}`, bytes, verdicts: [closes(MALFORMED)] };
		}
		for (const [what, size] of [
			["one more than is taken", RECEIVE_BYTES_MAX + 1 - 3],
			["64 kB", 65_536],
			["2 MB", 2_097_152],
			["256 MB", 268_435_455],
		] as const) {
			// §3.1.2.11.4; and MQTT 3.1.1 leaves it to the receiver to say what it can take.
			const bytes = [right[0] as number, ...varint(size)];
			yield {
				version,
				scene,
				group: "packet too large (§3.1.2.11.4)",
				what: `${name}, ${what}`,
				bytes,
				verdicts: [closes([0x95])],
			};
		}
	}
}

/** Every packet cut at every byte, with a length that fits: the packet ends in the middle of something. */
function* cuts(version: Version): Generator<Case> {
	const reason = properties([31, ...sized("why")], [38, ...sized("n"), ...sized("v")]);
	const some = properties([2, 0, 0, 0, 9], [3, ...sized("x")], [38, ...sized("n"), ...sized("v")]);
	const limits = properties([33, ...word(9)], [18, ...sized("me")], [19, ...word(9)]);
	for (const type of serverTypes(version))
		for (const qos of type === PUBLISH ? ([0, 1, 2] as const) : ([0] as const)) {
			const filling = { qos, properties: type === CONNACK ? limits : type === PUBLISH ? some : reason };
			yield* cutsOf(type, version, qos, parts(type, version, filling));
		}
}

function* cutsOf(type: number, version: Version, qos: number, list: ReturnType<typeof parts>): Generator<Case> {
	const whole = list.flatMap(({ bytes }) => [...bytes]);
	let start = 0;
	for (const { name, bytes, loose } of list) {
		for (let at = 0; at < bytes.length; at++) {
			if (loose === "payload" || (loose === "optional" && at === 0)) continue;
			const noCodes = name === "code" && type !== CONNACK; // "a list of one or more" (§2.4): read, and wrong
			const verdicts: Verdict[] = [closes(noCodes ? EITHER : MALFORMED)];
			// What a server says that knows MQTT 3.1.1 only.
			if (type === CONNACK && start + at === 2) verdicts.push(ends("version"));
			const what = `${NAMES[type]} of QoS ${qos}, ${name} cut at byte ${at}`;
			const cut = packet(first(type) | (qos << 1), whole.slice(0, start + at));
			yield { version, scene: sceneOf(type), group: "packet cut short", what, bytes: cut, verdicts };
		}
		start += bytes.length;
	}
}

/** Bytes left over where a packet must end (§3.2.3 and its like: "has no Payload"). */
function* leftovers(version: Version): Generator<Case> {
	for (const type of serverTypes(version)) {
		if (type === PUBLISH) continue;
		const scene = sceneOf(type);
		const isList = version === 5 ? [9, UNSUBACK].includes(type) : type === 9;
		for (const tail of [[0], [1], [0xff], [0, 0], [0xd0, 0], [0, 0, 0, 0]]) {
			const whole = packet(first(type), ...parts(type, version).map(({ bytes }) => bytes), tail);
			// To a SUBACK it is one more code, for a filter that we did not ask for [MQTT-3.8.4-6].
			const group = isList ? "too many codes (§3.8.4)" : "bytes left over at the end of a packet";
			const codes = isList ? EITHER : MALFORMED;
			yield {
				version,
				scene,
				group,
				what: `${NAMES[type]} and ${tail.join()}`,
				bytes: whole,
				verdicts: [closes(codes)],
			};
		}
	}
}

export function* headerCases(version: Version): Generator<Case> {
	yield* firstBytes(version);
	yield* lengths(version);
	yield* cuts(version);
	yield* leftovers(version);
}
