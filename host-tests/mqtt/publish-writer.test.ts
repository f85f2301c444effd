import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writePublish } from "../../firmware/mqtt/publish-writer.js";
import type { PublishExtras } from "../../firmware/mqtt/types.js";
import { nodeText, toHex } from "./bench.js";
import { payloadArb, topicArb } from "./packets.js";
import { reference } from "./reference.js";

const shortText = fc.string({ unit: "grapheme", maxLength: 12 });
/** mqtt-packet writes all values of one name together, and names that are numbers first. */
function inOrder(pairs: { name: string; value: string }[]): { name: string; value: string }[] {
	return Object.entries(grouped(pairs)).flatMap(([name, values]) => values.map((value) => ({ name, value })));
}

const extrasArb = fc.record(
	{
		contentType: fc.string({ unit: "grapheme", maxLength: 80 }),
		correlationData: fc.uint8Array({ maxLength: 80 }),
		messageExpiryS: fc.integer({ min: 0, max: 0xffff_ffff }),
		responseTopic: fc.string({ unit: "grapheme", maxLength: 30 }),
		userProperties: fc.array(fc.record({ name: shortText, value: shortText }), { maxLength: 3 }).map(inOrder),
	},
	{ requiredKeys: [] },
);
const publishArb = fc.record({
	version: fc.constantFrom(4, 5) as fc.Arbitrary<4 | 5>,
	topic: topicArb,
	payload: fc.oneof(payloadArb, fc.uint8Array({ minLength: 16_300, maxLength: 16_400 })),
	qos: fc.constantFrom(0, 1, 2),
	retain: fc.boolean(),
	dup: fc.boolean(),
	id: fc.integer({ min: 1, max: 65_535 }),
	extras: fc.option(extrasArb, { nil: undefined }),
	alias: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 65_535 })),
});

type Publish = typeof publishArb extends fc.Arbitrary<infer T> ? T : never;

function write(into: Uint8Array, publish: Publish): number {
	const { version, topic, payload, qos, retain, dup, id, extras, alias } = publish;
	const flags = (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
	return writePublish(into, nodeText, version, flags, qos > 0 ? id : 0, topic, payload, extras as PublishExtras, alias);
}

/** As mqtt-packet takes them: one name, many values. So the pairs must come in the order of their names. */
function grouped(pairs: readonly { name: string; value: string }[]): Record<string, string[]> {
	const groups: Record<string, string[]> = Object.create(null);
	for (const { name, value } of pairs) groups[name] = [...(groups[name] ?? []), value];
	return groups;
}

function expected({ version, topic, payload, qos, retain, dup, id, extras, alias }: Publish): Uint8Array {
	const properties = {
		...(alias > 0 && { topicAlias: alias }),
		...(extras?.contentType !== undefined && { contentType: extras.contentType }),
		...(extras?.correlationData !== undefined && { correlationData: extras.correlationData }),
		...(extras?.messageExpiryS !== undefined && { messageExpiryInterval: extras.messageExpiryS }),
		...(extras?.responseTopic !== undefined && { responseTopic: extras.responseTopic }),
		...(extras?.userProperties?.length && { userProperties: grouped(extras.userProperties) }),
	};
	return reference({ cmd: "publish", topic, payload, qos, retain, dup, messageId: id, properties }, version);
}

describe("the writer of PUBLISH", () => {
	it("writes every byte as mqtt-packet does", () => {
		fc.assert(
			fc.property(publishArb, (publish) => {
				const into = new Uint8Array(20_000);
				const count = write(into, publish);
				const same = Buffer.compare(into.subarray(0, Math.max(count, 0)), expected(publish)) === 0;
				if (!same) expect(toHex(into.subarray(0, 100))).toBe(toHex(expected(publish).subarray(0, 100)));
				expect(same).toBe(true);
			}),
			{ numRuns: 400 },
		);
	});

	it("fits exactly or not at all", () => {
		fc.assert(
			fc.property(publishArb, (publish) => {
				fc.pre(publish.payload.length < 300);
				const bytes = expected(publish);
				expect(write(new Uint8Array(bytes.length), publish)).toBe(bytes.length);
				for (let size = 0; size < bytes.length; size++) expect(write(new Uint8Array(size), publish)).toBe(-1);
			}),
			{ numRuns: 60 },
		);
	});

	it("refuses a topic that is longer than a topic can be", () => {
		const into = new Uint8Array(200_000);
		expect(writePublish(into, nodeText, 4, 0, 0, "t".repeat(65_535), "", undefined)).toBe(65_541);
		expect(writePublish(into, nodeText, 4, 0, 0, "t".repeat(65_536), "", undefined)).toBe(-1);
	});

	it("leaves the topic out where an alias stands for it", () => {
		const into = new Uint8Array(20);
		const count = writePublish(into, nodeText, 5, 0, 0, "", "x", undefined, 300);
		expect(toHex(into.subarray(0, count))).toBe("30 07 00 00 03 23 01 2c 78");
	});
});
