import fc from "fast-check";
import Parser from "mqtt-packet/parser.js";
import { describe, expect, it } from "vitest";
import { Framer } from "../../firmware/mqtt/framer.js";
import type { PacketOut } from "../../firmware/mqtt/packet.js";
import { Shape } from "../../firmware/mqtt/shape.js";
import { LentUserProperties } from "../../firmware/mqtt/user-properties.js";
import { nodeText, toHex } from "./bench.js";
import { cutAt } from "./chunkings.js";
import { reference } from "./reference.js";
import { anyServerPacket, type ServerPacket } from "./server-packets.js";

const LIMIT = 100_000;
const CMDS =
	"- connect connack publish puback pubrec pubrel pubcomp subscribe suback unsubscribe unsuback pingreq pingresp disconnect";

/** What mqtt-packet itself reads, one packet at a time: its own parser, with nothing of ours. */
function parsed(packets: readonly Uint8Array[], version: 4 | 5): ServerPacket[] {
	return packets.map((bytes) => {
		const found: ServerPacket[] = [];
		const parser = new Parser()
			.on("packet", (packet: ServerPacket) => found.push(packet))
			.on("error", (error: Error) => {
				throw error;
			});
		parser.parser({ protocolVersion: version }).parse(Buffer.from(bytes));
		expect(found.length).toBe(1);
		return found[0] as ServerPacket;
	});
}

function flat(userProperties: unknown): [string, string][] {
	const pairs: [string, string][] = [];
	for (const [name, value] of Object.entries(userProperties ?? {}))
		for (const one of [value as string | string[]].flat()) pairs.push([name, one]);
	return pairs.sort();
}

/**
 * What both know of a packet, as mqtt-packet has it; the user properties as they were `written`, since its parser loses
 * one of two that are alike and empty.
 */
function theirs(packet: ServerPacket, written: ServerPacket | undefined): object {
	const { cmd, properties: all = {} } = packet;
	const isPublish = cmd === "publish";
	const isList = cmd === "suback" || cmd === "unsuback";
	return {
		...{ cmd, id: packet.messageId ?? 0, code: isList ? 0 : (packet.reasonCode ?? packet.returnCode ?? 0) },
		present: packet.sessionPresent ?? false,
		...(isPublish && { topic: packet.topic, payload: toHex(Buffer.from(packet.payload ?? "")), qos: packet.qos }),
		...(isPublish && { retain: packet.retain, dup: packet.dup }),
		...(isList && { codes: packet.granted ?? [] }),
		...{ isText: all.payloadFormatIndicator ?? false, expiryS: all.messageExpiryInterval ?? -1 },
		...{ alias: all.topicAlias ?? 0, subscription: all.subscriptionIdentifier ?? 0 },
		...{ contentType: all.contentType, responseTopic: all.responseTopic, reason: all.reasonString },
		correlation: all.correlationData && toHex(all.correlationData as Uint8Array),
		users: flat(written?.properties?.userProperties),
	};
}

/** The same, as the shape has it. Of user properties there may be less: they are bounded. */
function ours(shape: Shape): object {
	const { bytes, type, flags } = shape;
	const text = (at: number, end: number) => (end > 0 ? nodeText.decode(bytes, at, end) : undefined);
	const users = new LentUserProperties(shape, nodeText);
	const cmd = CMDS.split(" ")[type] as string;
	const isPublish = cmd === "publish";
	const isList = cmd === "suback" || cmd === "unsuback";
	return {
		...{ cmd, id: shape.id, code: shape.code, present: cmd === "connack" && flags === 1 },
		...(isPublish && { topic: text(shape.topicAt, shape.topicEnd), qos: (flags >> 1) & 3 }),
		...(isPublish && {
			payload: toHex(bytes.subarray(shape.bodyAt, shape.end)),
			retain: (flags & 1) === 1,
			dup: flags > 7,
		}),
		...(isList && { codes: [...bytes.subarray(shape.bodyAt, shape.end)] }),
		...{ isText: shape.isText, expiryS: shape.expiryS, alias: shape.topicAlias, subscription: shape.subscriptionId },
		...{
			contentType: shape.text(3, nodeText),
			responseTopic: shape.text(8, nodeText),
			reason: shape.text(31, nodeText),
		},
		correlation: shape.data(9) && toHex(shape.data(9) as Uint8Array),
		users: Array.from({ length: users.count }, (_, at) => [users.name(at), users.value(at)]).sort(),
	};
}

/** What comes out of framer and shape, from chunks that are taken away. */
function read(chunks: readonly Uint8Array[], version: 4 | 5): object[] {
	const framer = new Framer(new Uint8Array(LIMIT), 0);
	const shape = new Shape(0xffff);
	const found: object[] = [];
	framer.reset(version);
	for (const chunk of chunks) {
		const lent = chunk.slice();
		framer.feed(lent, lent.length);
		while (framer.next()) {
			const good = shape.read(framer.bytes, framer.start, framer.end, version);
			found.push(good ? ours(shape) : { fault: shape.fault });
			shape.release();
		}
		lent.fill(0xdd);
	}
	expect(framer.fault).toBeUndefined();
	return found;
}

/** User properties are bounded: then it is enough that all those offered are there. */
function bounded(all: object): object {
	const { users } = all as { users: [string, string][] };
	const size = users.reduce((sum, [name, value]) => sum + 4 + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
	return users.length <= 16 && size <= 1_024 ? all : { ...all, users: expect.any(Array) };
}

describe.each([4, 5] as const)("what framer and shape read, MQTT %i", (version) => {
	it("is what mqtt-packet reads, in every field of every packet, in every chunking", () => {
		const packets = fc.array(anyServerPacket(version), { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(packets, fc.array(fc.nat(800), { maxLength: 12 }), (list, places) => {
				const written = list.map((packet) => reference(packet as PacketOut, version));
				const expected = parsed(written, version).map((packet, at) => bounded(theirs(packet, list[at])));
				const bytes = Uint8Array.from(Buffer.concat(written));
				expect(read([bytes], version)).toEqual(expected);
				expect(read(cutAt(bytes, places), version)).toEqual(expected);
				expect(read(cutAt(bytes, [...bytes.keys()]), version)).toEqual(expected);
			}),
			{ numRuns: 500 },
		);
	});
});
