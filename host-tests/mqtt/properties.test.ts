import { describe, expect, it } from "vitest";
import { Shape } from "../../firmware/mqtt/shape.js";
import { toHex } from "./bench.js";

/** The packets from a server in which a property may stand (MQTT 5 table 2-4), less what we never ask for. */
const CONNACK = 2;
const PUBLISH = 3;
const PUBACK = 4;
const SUBACK = 9;
const DISCONNECT = 14;
const EVERYWHERE = [CONNACK, PUBLISH, PUBACK, SUBACK, DISCONNECT];
const TABLE: Record<number, { places: number[]; good: number[]; bad?: number[][]; text?: boolean; twice?: boolean }> = {
	1: { places: [PUBLISH], good: [1], bad: [[2], [255]] },
	2: { places: [PUBLISH], good: [0, 0, 0, 9] },
	3: { places: [PUBLISH], good: [0, 1, 0x41], text: true },
	8: { places: [PUBLISH], good: [0, 1, 0x41], text: true },
	9: { places: [PUBLISH], good: [0, 2, 0xff, 0] },
	11: { places: [PUBLISH], good: [0x81, 1], bad: [[0], [0x80, 0], [0x80, 0x80, 0x80, 0x80]], twice: true },
	17: { places: [CONNACK], good: [0, 0, 0, 0] },
	18: { places: [CONNACK], good: [0, 0], text: true },
	19: { places: [CONNACK], good: [0, 0] },
	28: { places: [CONNACK, DISCONNECT], good: [0, 1, 0x41], text: true },
	31: { places: [CONNACK, PUBACK, SUBACK, DISCONNECT], good: [0, 1, 0x41], text: true },
	33: { places: [CONNACK], good: [0, 1], bad: [[0, 0]] },
	34: { places: [CONNACK], good: [0, 0] },
	36: { places: [CONNACK], good: [1], bad: [[2]] },
	37: { places: [CONNACK], good: [0], bad: [[2]] },
	38: { places: EVERYWHERE, good: [0, 1, 0x41, 0, 0], text: true, twice: true },
	39: { places: [CONNACK], good: [0, 0, 0, 1], bad: [[0, 0, 0, 0]] },
	40: { places: [CONNACK], good: [0], bad: [[3]] },
	41: { places: [CONNACK], good: [1], bad: [[9]] },
	42: { places: [CONNACK], good: [1], bad: [[2]] },
};

function packet(type: number, properties: readonly number[]): Uint8Array {
	const sized = [properties.length, ...properties];
	const body = {
		[CONNACK]: [0, 0, ...sized],
		[PUBLISH]: [0, 1, 0x74, ...sized],
		[PUBACK]: [0, 1, 0, ...sized],
		[SUBACK]: [0, 1, ...sized, 0],
		[DISCONNECT]: [0, ...sized],
	}[type] as number[];
	return Uint8Array.of(type << 4, body.length, ...body);
}

/** The code of the fault, or 0. */
function judge(type: number, properties: readonly number[]): number {
	const shape = new Shape();
	const bytes = packet(type, properties);
	return shape.read(bytes, 0, bytes.length, 5) ? 0 : (shape.fault?.code ?? -1);
}

describe("the properties of a server (MQTT 5 §2.2.2.2)", () => {
	it("stand where the table says, and nowhere else", () => {
		for (let id = 0; id < 256; id++) {
			const row = TABLE[id];
			for (const type of EVERYWHERE) {
				const code = judge(type, [id, ...(row?.good ?? [0, 0, 0, 0])]);
				const where = `property ${id} in packet type ${type}`;
				if (row?.places.includes(type)) expect(code, where).toBe(0);
				else if (id === 35 && type === PUBLISH)
					expect(code, where).toBe(0x94); // we allow no topic alias
				// Only a CONNACK could have what is merely not asked for; all else cannot be read (§2.2.2.2).
				else expect(code, where).toBe(type === CONNACK && [21, 22, 26].includes(id) ? 0x82 : 0x81);
			}
		}
	});

	it("stand once, but for user properties and subscription identifiers", () => {
		for (const [id, { places, good, twice }] of Object.entries(TABLE))
			for (const type of places)
				expect(judge(type, [+id, ...good, +id, ...good]), `property ${id}`).toBe(twice ? 0 : 0x82);
	});

	it("have values of their range", () => {
		for (const [id, { places, bad = [] }] of Object.entries(TABLE))
			for (const value of bad)
				for (const type of places) expect(judge(type, [+id, ...value]), `property ${id}: ${value}`).toBeGreaterThan(0);
	});

	it("do not run past the property length, by one byte or by many", () => {
		for (const [id, { places, good }] of Object.entries(TABLE))
			for (const type of places)
				for (let length = 0; length < good.length; length++)
					expect(judge(type, [+id, ...good.slice(0, length)]), `property ${id} of ${length}`).toBe(0x81);
	});

	it("hold well-formed text [MQTT-1.5.4-1, -2]", () => {
		for (const [id, { places, text }] of Object.entries(TABLE)) {
			if (!text) continue;
			for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0x00]])
				for (const type of places) {
					const value = [0, bytes.length, ...bytes, ...(+id === 38 ? [0, 0] : [])];
					expect(judge(type, [+id, ...value]), `property ${id}: ${toHex(Uint8Array.from(bytes))}`).toBe(0x81);
				}
		}
		expect(judge(PUBLISH, [38, 0, 1, 0x41, 0, 1, 0xff])).toBe(0x81);
	});

	it("hold a topic alias from 1 to what was allowed (§3.3.4)", () => {
		const judged = (max: number, alias: number) => {
			const shape = new Shape(max);
			const bytes = packet(PUBLISH, [35, alias >> 8, alias & 0xff]);
			return shape.read(bytes, 0, bytes.length, 5) ? shape.topicAlias : shape.fault?.reason;
		};
		expect([judged(300, 1), judged(300, 300)]).toEqual([1, 300]);
		expect(judged(300, 0)).toBe("it used topic alias 0, and 1 to 300 were allowed");
		expect(judged(300, 301)).toBe("it used topic alias 301, and 1 to 300 were allowed");
		expect(judged(0, 1)).toBe("it used topic alias 1, and none were allowed");
	});

	it("hold a Response Topic that one can publish to [MQTT-3.3.2-14]", () => {
		for (const topic of [[], [0x2b], [0x61, 0x2f, 0x23]])
			expect(judge(PUBLISH, [8, 0, topic.length, ...topic]), String(topic)).toBe(0x82);
	});

	it("have a length that is minimal and within the packet", () => {
		const shape = new Shape();
		for (const bytes of [
			[0x30, 5, 0, 1, 0x74, 0x80, 0],
			[0x30, 4, 0, 1, 0x74, 0x7f],
			[0x30, 4, 0, 1, 0x74, 0x80],
			[0x30, 3, 0, 1, 0x74],
			[0x20, 2, 0, 0],
			[0x90, 3, 0, 1, 0x05],
		])
			expect(shape.read(Uint8Array.from(bytes), 0, bytes.length, 5), String(bytes)).toBe(false);
	});
});
