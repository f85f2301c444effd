import { ascii, type Bytes, first, PUBLISH, packet, properties, sized, word } from "./malformed-bytes.js";
import {
	type Case,
	closes,
	EITHER,
	MALFORMED,
	PROTOCOL,
	RECEIVE_BYTES_MAX,
	rightPacket,
	type Scene,
	stays,
	TOPIC_ALIAS_MAX,
	type Verdict,
} from "./malformed-case.js";
import { BAD_TEXTS, ODD_TEXTS, type Version } from "./malformed-spec.js";

const QOS = [0, 1, 2] as const;
const PAY = "70 61 79";

/** What a PUBLISH of identifier 20 is answered with. */
function answer(qos: 0 | 1 | 2, code = 0): readonly string[] {
	const tail = code === 0 ? "02 00 14" : `03 00 14 ${code.toString(16)}`;
	return qos === 0 ? [] : [`${qos === 1 ? "40" : "50"} ${tail}`];
}

function online(version: Version, group: string, what: string, bytes: Bytes, ...verdicts: readonly Verdict[]): Case {
	return { version, scene: "online", group, what, bytes, verdicts };
}

function* topics(version: Version): Generator<Case> {
	for (const qos of QOS) {
		const publish = (topic: string | Bytes) => rightPacket(PUBLISH, version, { qos, topic });
		for (const [what, topic] of BAD_TEXTS) {
			const group = "a topic that is not UTF-8 [MQTT-3.3.2-1]";
			yield online(version, group, `QoS ${qos}, ${what}`, publish(topic), closes(MALFORMED));
		}
		for (const [what, topic] of ODD_TEXTS) {
			const heard = `message ${String.fromCodePoint(...decoded(topic))} ${PAY}`;
			yield online(version, "an unusual topic", `QoS ${qos}, ${what}`, publish(topic), stays([heard], answer(qos)));
		}
		for (const topic of ["#", "+", "a/#", "+/b", "a/+/b", "a+", "#a", "/+", "$SYS/#", "a/b/#"]) {
			const group = "a topic with a wildcard [MQTT-3.3.2-2]";
			yield online(version, group, `QoS ${qos}, ${topic}`, publish(topic), closes(PROTOCOL));
		}
		for (const topic of ["/", "//", "a/", "/a", " ", "$SYS/a", "$", "$share/g/t", "a b", "0"])
			yield online(
				version,
				"an unusual topic",
				`QoS ${qos}, "${topic}"`,
				publish(topic),
				stays([`message ${topic} ${PAY}`], answer(qos)),
			);
		// §3.3.2.1; in MQTT 3.1.1 [MQTT-4.7.3-1]
		yield online(version, "no topic (§3.3.2.1)", `QoS ${qos}`, publish(""), closes(PROTOCOL));
		const tail = [...(qos === 0 ? [] : word(20)), ...(version === 5 ? [0] : [])];
		for (const length of [tail.length + 2, 127, 256, 0xffff]) {
			const bytes = packet(first(PUBLISH) | (qos << 1), word(length), ascii("t"), tail);
			yield online(version, "a topic that runs past the packet", `QoS ${qos}, ${length}`, bytes, closes(MALFORMED));
		}
	}
}

/** The code points of good UTF-8, by hand. */
function decoded(bytes: Bytes): number[] {
	const points: number[] = [];
	for (let at = 0; at < bytes.length; ) {
		const lead = bytes[at++] as number;
		const more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
		let point = more === 0 ? lead : lead & (0x3f >> more);
		for (let left = more; left > 0; left--) point = (point << 6) | ((bytes[at++] as number) & 0x3f);
		points.push(point);
	}
	return points;
}

/** Payloads and flags that are right. */
function* right(version: Version): Generator<Case> {
	const list = version === 5 ? 1 : 0;
	for (const qos of QOS) {
		const number = qos === 0 ? 0 : 2;
		const most = RECEIVE_BYTES_MAX - 3 - 3 - number - list;
		for (const size of [0, 1, 2, 127, 128, most]) {
			const payload = new Array<number>(size).fill(0x80);
			const bytes = rightPacket(PUBLISH, version, { qos, payload });
			const heard = `message t ${new Array(size).fill("80").join(" ")}`;
			yield online(
				version,
				"a payload as it should be (§3.3.3)",
				`QoS ${qos}, ${size} bytes`,
				bytes,
				stays([heard], answer(qos)),
			);
		}
		const over = rightPacket(PUBLISH, version, { qos, payload: new Array<number>(most + 1).fill(0x61) });
		yield online(version, "a PUBLISH one byte too large (§3.1.2.11.4)", `QoS ${qos}`, over, closes([0x95]));
		const whole = rightPacket(PUBLISH, version, { qos });
		for (const flag of qos === 0 ? [1] : [1, 8, 9]) {
			const bytes = [(whole[0] as number) | flag, ...whole.slice(1)];
			yield online(
				version,
				"flags of a PUBLISH as they may be (§3.3.1)",
				`QoS ${qos}, 0x${flag}`,
				bytes,
				stays([`message t ${PAY}`], answer(qos)),
			);
		}
	}
}

/** What only MQTT 5 knows of a PUBLISH. */
function* version5(): Generator<Case> {
	for (const qos of QOS) {
		const publish = (list: Bytes, topic: string | Bytes = "t", payload: string | Bytes = "pay") =>
			rightPacket(PUBLISH, 5, { qos, topic, payload, properties: list });
		for (const topic of ["", "#", "+", "a/+", "a#b"])
			yield online(
				5,
				"a Response Topic that one cannot publish to [MQTT-3.3.2-14]",
				`QoS ${qos}, "${topic}"`,
				publish(properties([8, ...sized(topic)])),
				closes(PROTOCOL),
			);
		for (const [what, payload] of BAD_TEXTS) {
			// U+0000 is well-formed; only a UTF-8 Encoded String may not have it.
			const good = payload.includes(0);
			const heard = good ? [`message t ${payload.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`] : [];
			const verdict = stays(heard, answer(qos, good ? 0 : 0x99));
			const group = good
				? "text as a payload (§3.3.2.3.2)"
				: "a payload that is not the text it says it is (§3.3.2.3.2)";
			yield online(5, group, `QoS ${qos}, ${what}`, publish(properties([1, 1]), "t", payload), verdict);
			const plain = [`message t ${payload.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}`];
			yield online(
				5,
				"bytes as a payload (§3.3.2.3.2)",
				`QoS ${qos}, ${what}`,
				publish(properties([1, 0]), "t", payload),
				stays(plain, answer(qos)),
			);
		}
		for (const alias of [0, TOPIC_ALIAS_MAX + 1, 0x0100, 0xffff])
			for (const topic of ["t", ""])
				yield online(
					5,
					"a topic alias that there cannot be (§3.3.4)",
					`QoS ${qos}, ${alias} for "${topic}"`,
					publish(properties([35, ...word(alias)]), topic),
					closes([0x94]),
				);
		for (let alias = 1; alias <= TOPIC_ALIAS_MAX; alias++) {
			const list = properties([35, ...word(alias)]);
			yield online(
				5,
				"a topic alias that stands for nothing yet (§3.3.4)",
				`QoS ${qos}, ${alias}`,
				publish(list, ""),
				closes(PROTOCOL),
			);
			const bad = [...rightPacket(PUBLISH, 5, { topic: "x", properties: list, payload: "a" })];
			const heard = ["message x 61", `message x ${PAY}`];
			yield online(
				5,
				"a topic alias as it should be (§3.3.4)",
				`QoS ${qos}, ${alias}`,
				[...bad, ...publish(list, "")],
				stays(heard, answer(qos)),
			);
		}
		const many = new Array<Bytes>(30).fill([38, ...sized(""), ...sized("")]);
		yield online(
			5,
			"many properties",
			`QoS ${qos}, 30 empty user properties`,
			publish(properties(...many)),
			stays([`message t ${PAY}`], answer(qos)),
		);
		const ids = new Array<Bytes>(30).fill([11, 5]);
		yield online(
			5,
			"many properties",
			`QoS ${qos}, 30 subscription identifiers`,
			publish(properties(...ids)),
			stays([`message t ${PAY}`], answer(qos)),
		);
	}
}

/** A PUBLISH is as wrong when much is under way as when nothing is. */
function* inEveryScene(version: Version): Generator<Case> {
	const group = "a bad PUBLISH among all that is under way";
	for (const scene of ["busy", "leaving"] as readonly Scene[]) {
		for (const [what, bytes, codes] of [
			["wildcard", rightPacket(PUBLISH, version, { topic: "#" }), PROTOCOL],
			["no topic", rightPacket(PUBLISH, version, { topic: "" }), PROTOCOL],
			["bad UTF-8", rightPacket(PUBLISH, version, { topic: [0xff] }), MALFORMED],
			["identifier 0", rightPacket(PUBLISH, version, { qos: 2, id: 0 }), PROTOCOL],
			["QoS 3", packet(0x36, sized("t"), word(5), version === 5 ? [0] : []), MALFORMED],
			["DUP of QoS 0", packet(0x38, sized("t"), version === 5 ? [0] : []), EITHER],
		] as const)
			yield { version, scene, group, what: `${scene}, ${what}`, bytes, verdicts: [closes(codes)] };
	}
}

export function* publishCases(version: Version): Generator<Case> {
	yield* topics(version);
	yield* right(version);
	yield* inEveryScene(version);
	if (version === 5) yield* version5();
}
