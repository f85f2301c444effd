import { describe, expect, it } from "vitest";
import type { Envelope } from "../../firmware/model/envelope.js";
import type { PublishExtras } from "../../firmware/mqtt/types.js";
import { publishOut } from "../../firmware/runtime/outgoing.js";
import type { PublisherNeeds } from "../../firmware/runtime/publisher-needs.js";

interface Sent {
	readonly topic: string;
	readonly payload: string | Uint8Array;
	readonly extras: PublishExtras | undefined;
}

const KEYS = ["a key"];

function needsWith(envelope: Envelope | undefined, hasRoom = true) {
	const sent: Sent[] = [];
	const outlet = {
		publish(topic: string, payload: string | Uint8Array, ...[, , , extras]: [number, boolean, number, PublishExtras?]) {
			if (hasRoom) sent.push({ topic, payload, extras });
			return hasRoom;
		},
	};
	const needs = { outlet, prefix: "farpin/a/", device: { envelope }, board: {}, options: { keys: KEYS } };
	return { sent, needs: needs as unknown as PublisherNeeds };
}

const bag: Envelope = {
	key: "a",
	covers: (topic) => topic !== "status",
	isOwn: () => false,
	wrap: (payload, topic, { keys }) => new TextEncoder().encode(`${topic} ${payload} ${keys}`),
};

describe("what goes out", () => {
	it("goes as it is without an envelope", () => {
		const { sent, needs } = needsWith(undefined);
		expect(publishOut(needs, "farpin/a/event", "x", 1, false, 7, { contentType: "c" })).toBe(true);
		expect(sent).toEqual([{ topic: "farpin/a/event", payload: "x", extras: { contentType: "c" } }]);
	});

	it("goes in its envelope, and keeps what its asker wants back", () => {
		const { sent, needs } = needsWith(bag);
		const correlationData = Uint8Array.of(1);
		expect(publishOut(needs, "farpin/a/event", "x", 1, false, 7, { contentType: "c", correlationData })).toBe(true);
		expect(publishOut(needs, "farpin/a/event", "x", 1, false, 7)).toBe(true);
		const payload = new TextEncoder().encode("farpin/a/event x a key");
		expect(sent.map((one) => one.payload)).toEqual([payload, payload]);
		expect(sent.map(({ extras }) => extras)).toEqual([
			{ contentType: "application/jose", correlationData },
			{ contentType: "application/jose" },
		]);
	});

	it("goes without one where that is not for it, but for an answer to a topic that looks so", () => {
		const { sent, needs } = needsWith(bag);
		publishOut(needs, "farpin/a/status", "online", 1, true, 7);
		publishOut(needs, "status", "an answer", 1, false, 7);
		expect(sent.map(({ payload }) => typeof payload)).toEqual(["string", "object"]);
	});

	it("waits when there is no room, or no way to close the envelope", () => {
		expect(publishOut(needsWith(bag, false).needs, "farpin/a/event", "x", 1, false, 7)).toBe(false);
		const { sent, needs } = needsWith({ ...bag, wrap: () => undefined });
		expect(publishOut(needs, "farpin/a/event", "x", 1, false, 7)).toBe(false);
		expect(sent).toEqual([]);
	});
});
