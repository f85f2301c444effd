import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlAt, headsAt, incomingAt, sessionMemory } from "../../firmware/mqtt/memory.js";
import { NOT_A_TOPIC, Prepared } from "../../firmware/mqtt/prepared.js";
import type { PublishExtras } from "../../firmware/mqtt/types.js";
import { nodeText, toHex } from "./bench.js";
import { reference } from "./reference.js";

const JSON_TYPE = { contentType: "application/json" };
const TOPICS = ["farpin/greenhouse/telemetry", "farpin/greenhouse/air/state", "ä", "t".repeat(150)];

/** One message of a few kinds that come again, in every length around which the length before it changes. */
const messageArb = fc.record({
	topic: fc.constantFrom(...TOPICS),
	payload: fc.oneof(
		fc.string({ unit: "grapheme", maxLength: 140 }),
		fc.uint8Array({ maxLength: 140 }),
		fc.integer({ min: 90, max: 130 }).map((length) => "x".repeat(length)),
		fc.integer({ min: 16_330, max: 16_390 }).map((length) => "y".repeat(length)),
	),
	qos: fc.constantFrom(0, 1, 2),
	retain: fc.boolean(),
	dup: fc.boolean(),
	id: fc.integer({ min: 1, max: 65_535 }),
	extras: fc.constantFrom<PublishExtras | undefined>(undefined, JSON_TYPE, { contentType: "a", messageExpiryS: 5 }),
});

type Message = typeof messageArb extends fc.Arbitrary<infer T> ? T : never;

function make(prepared: Prepared, { topic, payload, qos, retain, dup, id, extras }: Message): number {
	const flags = (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
	return prepared.make(flags, qos > 0 ? id : 0, topic, payload, extras);
}

function expected({ extras, id, ...message }: Message, version: 4 | 5, topicAlias?: number): Uint8Array {
	const properties = {
		...(topicAlias !== undefined && { topicAlias }),
		...(extras?.contentType !== undefined && { contentType: extras.contentType }),
		...(extras?.messageExpiryS !== undefined && { messageExpiryInterval: extras.messageExpiryS }),
	};
	return reference({ cmd: "publish", ...message, messageId: id, properties }, version);
}

/** Packets of at most `bytesMax` bytes. */
function begin(bytesMax: number, version: 4 | 5, most = Number.POSITIVE_INFINITY, aliasesMax = 0) {
	const memory = sessionMemory(bytesMax, 0);
	const into = new Uint8Array(memory.buffer, 0, bytesMax);
	const prepared = new Prepared(into, memory, nodeText);
	prepared.begin(version, most, aliasesMax);
	return { prepared, into, memory };
}

describe("messages made from prepared heads", () => {
	it.each([4, 5] as const)(
		"are byte for byte what mqtt-packet writes, whatever came before (version %s)",
		(version) => {
			fc.assert(
				fc.property(fc.array(messageArb, { minLength: 1, maxLength: 8 }), (messages) => {
					const { prepared, into } = begin(20_000, version);
					for (const message of messages) {
						const count = make(prepared, message);
						expect(toHex(into.subarray(0, count))).toBe(toHex(expected(message, version)));
					}
				}),
				{ numRuns: 150 },
			);
		},
	);

	it("fit exactly or not at all, the first time and the second", () => {
		fc.assert(
			fc.property(messageArb, fc.integer({ min: 0, max: 400 }), (message, size) => {
				const bytes = expected(message, 5);
				fc.pre(bytes.length < 400);
				const { prepared, memory } = begin(size, 5);
				memory.fill(0xee, size);
				const count = bytes.length <= size ? bytes.length : -1;
				expect([make(prepared, message), make(prepared, message)]).toEqual([count, count]);
				const others = [...memory.subarray(controlAt(size), headsAt(size)), ...memory.subarray(incomingAt(size))];
				expect(others.every((byte) => byte === 0xee)).toBe(true);
			}),
		);
	});

	it("are never larger than the server takes", () => {
		fc.assert(
			fc.property(messageArb, fc.integer({ min: 0, max: 400 }), (message, most) => {
				const bytes = expected(message, 5);
				const { prepared } = begin(20_000, 5, most);
				const count = bytes.length <= most ? bytes.length : -1;
				expect([make(prepared, message), make(prepared, message)]).toEqual([count, count]);
			}),
		);
	});

	it("carry a topic until the server knows its alias, and the alias alone from then on", () => {
		fc.assert(
			fc.property(fc.array(messageArb, { minLength: 1, maxLength: 8 }), (messages) => {
				const { prepared, into } = begin(20_000, 5, Number.POSITIVE_INFINITY, TOPICS.length);
				const known: string[] = [];
				for (const message of messages) {
					const count = make(prepared, message);
					const isKnown = known.includes(message.topic);
					if (!isKnown) known.push(message.topic);
					const sent = isKnown ? { ...message, topic: "" } : message;
					const alias = known.indexOf(message.topic) + 1;
					expect(toHex(into.subarray(0, count))).toBe(toHex(expected(sent, 5, alias)));
					prepared.aliases.sent(message.topic);
				}
			}),
			{ numRuns: 100 },
		);
	});

	it("keep to the version of the connection", () => {
		const { prepared, into } = begin(500, 5);
		const message: Message = { topic: "a", payload: "b", qos: 1, retain: false, dup: false, id: 7, extras: undefined };
		make(prepared, message);
		prepared.begin(4, Number.POSITIVE_INFINITY, 0);
		expect(toHex(into.subarray(0, make(prepared, message)))).toBe(toHex(expected(message, 4)));
	});

	it.each(["", "a/+", "#", "a\0"])("do not go to %j [MQTT-3.3.2-2]", (topic) => {
		for (const aliasesMax of [0, 3]) {
			const { prepared } = begin(100, 5, 100, aliasesMax);
			expect(prepared.make(0, 0, topic, "x", undefined)).toBe(NOT_A_TOPIC);
			expect(prepared.make(0, 0, topic, "x", undefined)).toBe(NOT_A_TOPIC);
		}
	});
});
