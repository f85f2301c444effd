import { RECEIVE_MAXIMUM } from "../../firmware/mqtt/sender.js";
import {
	type Bytes,
	CONNACK,
	DISCONNECT,
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
import {
	type Case,
	closes,
	ends,
	IDS,
	PROTOCOL,
	rightPacket,
	type Scene,
	stays,
	type Verdict,
} from "./malformed-case.js";
import type { Version } from "./malformed-spec.js";

type Row = readonly [what: string, scene: Scene, bytes: readonly Bytes[], ...verdicts: Verdict[]];

/** Packets that are right in themselves, in an order that is not, or that is and looks as if it were not. */
function rows(version: Version): readonly Row[] {
	const right = (type: number, id?: number, code?: number) =>
		rightPacket(type, version, { ...(id !== undefined && { id }), ...(code !== undefined && { code }) });
	const publish = (id: number, flags = 0) => {
		const bytes = rightPacket(PUBLISH, version, { qos: 2, id });
		return [(bytes[0] as number) | flags, ...bytes.slice(1)];
	};
	const again = publish(IDS.pubrel, 8);
	const pay = "message t 70 61 79";
	return [
		["CONNACK twice [MQTT-3.2.0-2]", "connecting", [right(CONNACK), right(CONNACK)], closes(PROTOCOL, ["online"])],
		["CONNACK once more", "online", [right(CONNACK)], closes(PROTOCOL)],
		["CONNACK once more, busy", "busy", [right(CONNACK)], closes(PROTOCOL)],
		["PUBACK twice", "busy", [right(PUBACK), right(PUBACK)], closes(PROTOCOL, ["acknowledged 1 taken"])],
		["SUBACK twice", "busy", [right(SUBACK), right(SUBACK)], closes(PROTOCOL, ["subscribed taken"])],
		["UNSUBACK twice", "leaving", [right(UNSUBACK), right(UNSUBACK)], closes(PROTOCOL, ["unsubscribed taken"])],
		// [MQTT-4.3.3-4]: a PUBREC is answered, as often as it comes.
		[
			"PUBREC twice",
			"busy",
			[right(PUBREC), right(PUBREC)],
			stays(["acknowledged 2 taken"], ["62 02 00 02", "62 02 00 02"]),
		],
		["PUBCOMP before PUBREC", "busy", [right(PUBCOMP, IDS.pubrec)], closes(PROTOCOL)],
		["PUBACK for QoS 2", "busy", [right(PUBACK, IDS.pubrec)], closes(PROTOCOL)],
		["PUBACK after PUBREC", "busy", [right(PUBACK, IDS.pubcomp)], closes(PROTOCOL)],
		["PUBREC for QoS 1", "busy", [right(PUBREC, IDS.puback)], closes(PROTOCOL)],
		["PUBCOMP for QoS 1", "busy", [right(PUBCOMP, IDS.puback)], closes(PROTOCOL)],
		["SUBACK for a message", "busy", [right(SUBACK, IDS.puback)], closes(PROTOCOL)],
		["UNSUBACK for a SUBSCRIBE", "busy", [right(UNSUBACK)], closes(PROTOCOL)],
		["SUBACK for an UNSUBSCRIBE", "leaving", [right(SUBACK)], closes(PROTOCOL)],
		[
			"PUBREC and PUBCOMP",
			"busy",
			[right(PUBREC), right(PUBCOMP, IDS.pubrec)],
			stays(["acknowledged 2 taken"], ["62 02 00 02"]),
		],
		// [MQTT-4.3.3-10]: no message twice, whatever its DUP flag says.
		["QoS 2 again before PUBREL", "busy", [again], stays([], ["50 02 00 09"])],
		["QoS 2 again without DUP", "busy", [publish(IDS.pubrel)], stays([], ["50 02 00 09"])],
		["QoS 2 again and PUBREL", "busy", [again, right(PUBREL)], stays([], ["50 02 00 09", "70 02 00 09"])],
		// [MQTT-4.3.3-12]
		[
			"QoS 2 anew after PUBREL",
			"busy",
			[right(PUBREL), publish(IDS.pubrel)],
			stays([pay], ["70 02 00 09", "50 02 00 09"]),
		],
		["QoS 2 of our own identifier", "busy", [publish(IDS.puback)], stays([pay], ["50 02 00 01"])], // §2.2.1
		[
			"PUBREL of our own identifier",
			"busy",
			[publish(IDS.pubcomp), right(PUBREL, IDS.pubcomp), right(PUBCOMP)],
			stays([pay], ["50 02 00 03", "70 02 00 03"]),
		],
		// [MQTT-4.3.2-5]: after its PUBACK a QoS 1 message of the same identifier is new.
		[
			"QoS 1 twice",
			"online",
			[
				packet(0x32, sized("t"), word(9), version === 5 ? [0] : []),
				packet(0x3a, sized("t"), word(9), version === 5 ? [0] : []),
			],
			stays(["message t ", "message t "], ["40 02 00 09", "40 02 00 09"]),
		],
		["PINGRESP that nobody asked for (§3.13.4)", "busy", [right(PINGRESP), right(PINGRESP), right(PINGRESP)], stays()],
		["a good message before a bad packet", "online", [rightPacket(PUBLISH, version), [0x36, 0]], closes([0x81], [pay])],
		[
			"an acknowledgement before a bad packet",
			"busy",
			[right(PUBACK), right(PUBACK, 0)],
			closes(PROTOCOL, ["acknowledged 1 taken"]),
		],
		[
			"message, acknowledgements, answer",
			"busy",
			[publish(33), right(PUBACK), right(SUBACK), right(PUBREL)],
			stays([pay, "acknowledged 1 taken", "subscribed taken"], ["50 02 00 21", "70 02 00 09"]),
		],
	];
}

function rows5(): readonly Row[] {
	const right = (type: number, id: number, code: number) => rightPacket(type, 5, { id, code });
	const aliased = (topic: string, alias: number, payload = "pay") =>
		rightPacket(PUBLISH, 5, { topic, payload, properties: properties([35, ...word(alias)]) });
	const flood = (count: number) =>
		Array.from({ length: count }, (_, index) => rightPacket(PUBLISH, 5, { qos: 2, id: 100 + index }));
	const heard = (count: number) => new Array<string>(count).fill("message t 70 61 79");
	const answered = (count: number) =>
		Array.from({ length: count }, (_, index) => `50 02 00 ${(100 + index).toString(16)}`);
	const released = (count: number) =>
		Array.from({ length: count }, (_, index) => `70 02 00 ${(100 + index).toString(16)}`);
	const release = (count: number) =>
		Array.from({ length: count }, (_, index) => rightPacket(PUBREL, 5, { id: 100 + index }));
	const most = RECEIVE_MAXIMUM;
	return [
		[
			"refused by PUBREC, and PUBCOMP all the same",
			"busy",
			[right(PUBREC, IDS.pubrec, 0x97), rightPacket(PUBCOMP, 5, { id: IDS.pubrec })],
			stays(["acknowledged 2 refused"]),
			closes(PROTOCOL, ["acknowledged 2 refused"]),
		],
		[
			"PUBREL that knows no such identifier (table 3-6)",
			"busy",
			[right(PUBREL, IDS.pubrel, 0x92)],
			stays([], ["70 02 00 09"]),
		],
		["PUBCOMP that knows no such identifier (table 3-7)", "busy", [right(PUBCOMP, IDS.pubcomp, 0x92)], stays()],
		[
			"an alias that changes its topic",
			"online",
			[aliased("a", 1), aliased("b", 1), aliased("", 1)],
			stays(["message a 70 61 79", "message b 70 61 79", "message b 70 61 79"]),
		],
		[
			"two aliases of one topic",
			"online",
			[aliased("a", 1), aliased("a", 2), aliased("", 1), aliased("", 2)],
			stays(new Array(4).fill("message a 70 61 79")),
		],
		[
			"an alias of another number",
			"online",
			[aliased("a", 1), aliased("", 2)],
			closes(PROTOCOL, ["message a 70 61 79"]),
		],
		[
			"an alias of a bad topic is none",
			"online",
			[aliased("a", 1), aliased("#", 2), aliased("", 2)],
			closes(PROTOCOL, ["message a 70 61 79"]),
		],
		["as many QoS 2 messages at once as we take (§3.3.4)", "online", flood(most), stays(heard(most), answered(most))],
		["one more than that [MQTT-3.3.4-9]", "online", flood(most + 1), closes([0x93], heard(most), answered(most))],
		[
			"as many, released, and as many again",
			"online",
			[...flood(most), ...release(most), ...flood(most)],
			stays([...heard(most), ...heard(most)], [...answered(most), ...released(most), ...answered(most)]),
		],
		[
			"DISCONNECT before CONNACK [MQTT-3.14.0-1]",
			"connecting",
			[rightPacket(DISCONNECT, 5, { code: 0x8b })],
			closes(PROTOCOL),
		],
		[
			"DISCONNECT and another",
			"online",
			[rightPacket(DISCONNECT, 5, { code: 0x8b }), rightPacket(DISCONNECT, 5)],
			ends("server"),
		],
		["DISCONNECT and noise", "busy", [rightPacket(DISCONNECT, 5), [0xff, 0xff, 0xff, 0xff]], ends("server")],
		[
			"DISCONNECT to another server",
			"online",
			[rightPacket(DISCONNECT, 5, { code: 0x9c, properties: properties([28, ...sized("b.example:8883")]) })],
			ends("moved"),
		],
		[
			"AUTH that nobody asked for [MQTT-4.12.0-6]",
			"online",
			[packet(0xf0, [0x18], properties([21, ...sized("x")]))],
			closes(PROTOCOL),
		],
		["AUTH of nothing", "online", [packet(0xf0)], closes(PROTOCOL)],
	];
}

export function* orderCases(version: Version): Generator<Case> {
	for (const [what, scene, bytes, ...verdicts] of [...rows(version), ...(version === 5 ? rows5() : [])])
		yield { version, scene, group: "packets in an order", what, bytes: bytes.flat(), verdicts };
}
