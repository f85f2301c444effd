import fc from "fast-check";
import { isWellFormed, payloadArb, topicArb } from "./packets.js";

/*
 * Every packet that a server may send, with every field that it may have, as mqtt-packet's writer takes them.
 */

/** What mqtt-packet writes and reads, as far as a server uses it. */
export interface ServerPacket {
	readonly cmd: string;
	readonly topic?: string;
	readonly payload?: string | Uint8Array | null;
	readonly qos?: number;
	readonly retain?: boolean;
	readonly dup?: boolean;
	readonly messageId?: number;
	readonly reasonCode?: number;
	readonly returnCode?: number;
	readonly granted?: readonly number[];
	readonly sessionPresent?: boolean;
	readonly properties?: Readonly<Record<string, unknown>>;
}

const id = fc.integer({ min: 1, max: 65_535 });
const int16 = fc.oneof(fc.constantFrom(0, 1, 0xff, 0x100, 0xffff), fc.nat(0xffff));
const int32 = fc.oneof(fc.constantFrom(0, 1, 0x8000_0000, 0xffff_ffff), fc.nat());
const text = fc
	.oneof(fc.string({ unit: "binary", maxLength: 20 }), fc.string({ unit: "grapheme", maxLength: 200 }))
	.map((value) => value.replaceAll("\0", "0"))
	.filter((value) => isWellFormed(value));
const binary = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const pairs = fc
	.array(fc.tuple(text, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }))), { minLength: 1, maxLength: 5 })
	.map((entries) => {
		const object = Object.create(null) as Record<string, string | string[]>;
		for (const [name, value] of entries) object[name] = value;
		return object;
	});

const said = { reasonString: text, userProperties: pairs };
const PROPERTIES = {
	connack: {
		...said,
		...{ sessionExpiryInterval: int32, assignedClientIdentifier: text, serverKeepAlive: int16, serverReference: text },
		...{
			receiveMaximum: id,
			topicAliasMaximum: int16,
			maximumQoS: fc.constantFrom(0, 1),
			retainAvailable: fc.boolean(),
		},
		...{ maximumPacketSize: int32.map((size) => size || 1), wildcardSubscriptionAvailable: fc.boolean() },
		...{ subscriptionIdentifiersAvailable: fc.boolean(), sharedSubscriptionAvailable: fc.boolean() },
	},
	publish: {
		...{
			payloadFormatIndicator: fc.boolean(),
			messageExpiryInterval: int32,
			contentType: text,
			responseTopic: topicArb,
		},
		...{ correlationData: binary, topicAlias: id, userProperties: pairs },
		subscriptionIdentifier: fc.oneof(fc.constantFrom(1, 127, 128, 268_435_455), fc.integer({ min: 1, max: 99_999 })),
	},
	acknowledgement: said,
	disconnect: { ...said, serverReference: text },
};

function some(arbitraries: object): fc.Arbitrary<Record<string, unknown>> {
	return fc.record(arbitraries as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] });
}

function packet(version: 4 | 5, cmd: string, fields: object, properties: object): fc.Arbitrary<ServerPacket> {
	const last = version === 5 ? { properties: some(properties) } : {};
	return fc.record({ cmd: fc.constant(cmd), ...fields, ...last } as never) as fc.Arbitrary<ServerPacket>;
}

/** Any packet that a server may send to a client that speaks this version. */
export function anyServerPacket(version: 4 | 5): fc.Arbitrary<ServerPacket> {
	const published = (qos: 0 | 1 | 2) => {
		const dup = qos === 0 ? fc.constant(false) : fc.boolean();
		const fields = {
			topic: topicArb,
			payload: payloadArb,
			qos: fc.constant(qos),
			retain: fc.boolean(),
			dup,
			messageId: id,
		};
		return packet(version, "publish", fields, PROPERTIES.publish);
	};
	const acknowledged = (cmd: string, codes: readonly number[]) => {
		const fields = version === 5 ? { messageId: id, reasonCode: fc.constantFrom(...codes) } : { messageId: id };
		return packet(version, cmd, fields, PROPERTIES.acknowledgement);
	};
	const answered = (cmd: string, codes: readonly number[]) => {
		const granted = fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 30 });
		return packet(version, cmd, { messageId: id, granted }, PROPERTIES.acknowledgement);
	};
	const connack = { sessionPresent: fc.boolean(), reasonCode: fc.constant(0), returnCode: fc.constant(0) };
	const both = [
		...[published(0), published(1), published(2), packet(version, "connack", connack, PROPERTIES.connack)],
		...[acknowledged("puback", [0, 0x10, 0x80, 0x99]), acknowledged("pubrec", [0, 0x10, 0x91, 0x97])],
		...[acknowledged("pubrel", [0, 0x92]), acknowledged("pubcomp", [0, 0x92])],
		answered("suback", version === 5 ? [0, 1, 2, 0x80, 0x9e, 0xa2] : [0, 1, 2, 0x80]),
		version === 5 ? answered("unsuback", [0, 0x11, 0x80]) : packet(version, "unsuback", { messageId: id }, {}),
		packet(4, "pingresp", {}, {}),
	];
	const farewell = { reasonCode: fc.constantFrom(0, 0x81, 0x8b, 0x9c, 0xa2) };
	return fc.oneof(...both, ...(version === 5 ? [packet(version, "disconnect", farewell, PROPERTIES.disconnect)] : []));
}
