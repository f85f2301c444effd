import fc from "fast-check";
import type { PacketOut, Properties } from "../../firmware/mqtt/packet.js";

/** No half of a surrogate pair in it. */
export function isWellFormed(text: string): boolean {
	return Buffer.from(text).toString() === text;
}

const id = fc.integer({ min: 1, max: 65_535 });
export const topicArb = fc
	.string({ unit: "grapheme", minLength: 1, maxLength: 24 })
	.map((topic) => topic.replace(/[+#\0]/g, "x"))
	.filter((topic) => isWellFormed(topic));
const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((value) => value.replaceAll("\0", "0"));
export const payloadArb = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: "grapheme", maxLength: 200 }));

function optional<T extends object>(arbitraries: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<Partial<T>> {
	return fc.record(arbitraries, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;
}

const publishProperties = optional<Properties>({
	messageExpiryInterval: fc.nat(),
	contentType: text,
	responseTopic: topicArb,
	correlationData: fc.uint8Array({ maxLength: 20 }),
	payloadFormatIndicator: fc.boolean(),
	subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }),
});

const connackProperties = optional<Properties>({
	receiveMaximum: id,
	maximumQoS: fc.constantFrom(0, 1),
	retainAvailable: fc.boolean(),
	maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
	serverKeepAlive: fc.integer({ min: 0, max: 65_535 }),
	topicAliasMaximum: fc.integer({ min: 0, max: 65_535 }),
	assignedClientIdentifier: text,
	reasonString: text,
	sessionExpiryInterval: fc.nat(),
});

/** Packets that a server may send to our client, for one version of MQTT. */
export function serverPacket(version: 4 | 5): fc.Arbitrary<PacketOut> {
	const properties = <T>(arbitrary: fc.Arbitrary<T>) => (version === 5 ? { properties: arbitrary } : {});
	const code = <T>(arbitrary: fc.Arbitrary<T>, name: string) => (version === 5 ? { [name]: arbitrary } : {});
	const publish = (qos: 0 | 1 | 2) =>
		fc.record({
			cmd: fc.constant("publish"),
			topic: topicArb,
			payload: payloadArb,
			qos: fc.constant(qos),
			retain: fc.boolean(),
			dup: qos === 0 ? fc.constant(false) : fc.boolean(),
			messageId: id,
			...properties(publishProperties),
		});
	return fc.oneof(
		{ weight: 3, arbitrary: fc.oneof(publish(0), publish(1), publish(2)) },
		fc.record({
			cmd: fc.constant("connack"),
			sessionPresent: fc.boolean(),
			returnCode: fc.constant(0),
			reasonCode: fc.constant(0),
			...properties(connackProperties),
		}),
		fc.record({
			cmd: fc.constantFrom("puback", "pubrec"),
			messageId: id,
			...code(fc.constantFrom(0, 0x10, 0x87), "reasonCode"),
		}),
		fc.record({
			cmd: fc.constantFrom("pubrel", "pubcomp"),
			messageId: id,
			...code(fc.constantFrom(0, 0x92), "reasonCode"),
		}),
		fc.record({
			cmd: fc.constant("suback"),
			messageId: id,
			granted: fc.array(fc.constantFrom(0, 1, 2, 0x80), { minLength: 1, maxLength: 8 }),
			...properties(optional<Properties>({ reasonString: text })),
		}),
		fc.constant({ cmd: "pingresp" }),
		...(version === 5
			? [
					fc.record({
						cmd: fc.constant("disconnect"),
						reasonCode: fc.constantFrom(0, 0x8b, 0x8e, 0x9c),
						properties: optional<Properties>({ reasonString: text, serverReference: text }),
					}),
				]
			: []),
	) as fc.Arbitrary<PacketOut>;
}

/** Packets that our client sends. */
export function clientPacket(version: 4 | 5): fc.Arbitrary<PacketOut> {
	const will = fc.record({ topic: topicArb, payload: text, qos: fc.constantFrom(0, 1), retain: fc.boolean() });
	const filters = fc.array(fc.record({ topic: topicArb, qos: fc.constantFrom(0, 1) }), { minLength: 1, maxLength: 4 });
	return fc.oneof(
		fc.record(
			{
				cmd: fc.constant("connect"),
				protocolVersion: fc.constant(version),
				clean: fc.constant(true),
				keepalive: fc.integer({ min: 0, max: 65_535 }),
				clientId: text,
				username: text,
				password: text,
				will,
			},
			{ requiredKeys: ["cmd", "protocolVersion", "clean", "keepalive", "clientId", "username"] },
		),
		fc.record({ cmd: fc.constant("subscribe"), messageId: id, subscriptions: filters }),
		fc.constant({ cmd: "pingreq" }),
		fc.record({ cmd: fc.constant("disconnect"), reasonCode: fc.constantFrom(0, 0x81, 0x82, 0x95) }),
	) as fc.Arbitrary<PacketOut>;
}
