import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Framer } from "../../firmware/mqtt/framer.js";
import { hex, toHex } from "./bench.js";
import { cutAt } from "./chunkings.js";
import { serverPacket } from "./packets.js";
import { reference } from "./reference.js";

/** Every packet that comes out, then the fault. */
function frame(framer: Framer, chunks: readonly Uint8Array[]): string[] {
	const out: string[] = [];
	for (const chunk of chunks) {
		const lent = new Uint8Array(chunk.length + 2).fill(0xee);
		lent.set(chunk);
		framer.feed(lent, chunk.length);
		while (framer.next()) out.push(toHex(framer.bytes.subarray(framer.start, framer.end)));
		lent.fill(0xdd);
	}
	if (framer.fault !== undefined) out.push(`${framer.fault.code}: ${framer.fault.reason}`);
	return out;
}

function fresh(limit = 64, version: 4 | 5 = 5): Framer {
	const framer = new Framer(new Uint8Array(100 + limit), 100);
	framer.reset(version);
	return framer;
}

describe("the framer", () => {
	it("gives the same packets and the same fault in every chunking", () => {
		const noise = fc.uint8Array({ maxLength: 8 });
		const packets = fc.array(
			fc.oneof(
				serverPacket(5).map((packet) => reference(packet, 5)),
				noise,
			),
			{ maxLength: 6 },
		);
		fc.assert(
			fc.property(packets, fc.array(fc.nat(600)), fc.integer({ min: 8, max: 300 }), (parts, places, limit) => {
				const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
				const whole = frame(fresh(limit), [bytes]);
				expect(frame(fresh(limit), cutAt(bytes, places))).toEqual(whole);
				expect(frame(fresh(limit), cutAt(bytes, [...bytes.keys()]))).toEqual(whole);
			}),
			{ numRuns: 1_000 },
		);
	});

	it("hands out a packet that lies in one chunk without copying it", () => {
		const framer = fresh();
		const chunk = hex("d0 00 40 02 00 01");
		framer.feed(chunk, chunk.length);
		expect(framer.next()).toBe(true);
		expect(framer.bytes).toBe(chunk);
		expect([framer.start, framer.end]).toEqual([0, 2]);
		expect(framer.next()).toBe(true);
		expect([framer.start, framer.end]).toEqual([2, 6]);
		expect(framer.next()).toBe(false);
		expect(framer.bytes).not.toBe(chunk); // the platform's, and not held on to
	});

	it("takes a packet of exactly the limit, and refuses one more byte at its length", () => {
		const fits = `30 3e 00 01 "t" ${"61 ".repeat(59)}`;
		expect(frame(fresh(64), [hex(fits)])).toEqual([toHex(hex(fits))]);
		const tooLarge = "149: it sent a packet of 65 bytes, and at most 64 are taken";
		expect(frame(fresh(64), [hex("30 3f")])).toEqual([tooLarge]);
		expect(frame(fresh(64), [hex("30 ff ff ff 7f")])).toEqual([
			"149: it sent a packet of 268435460 bytes, and at most 64 are taken",
		]);
	});

	it("refuses lengths in more bytes than needed, and in more than four [MQTT-1.5.5-1]", () => {
		for (const bytes of ["d0 80 00", "30 ff 80 00", "30 80 80 80 80", "30 ff ff ff ff 7f"])
			expect(frame(fresh(), [hex(bytes)])).toEqual(["129: the length of a packet is written wrongly"]);
	});

	it("judges the first byte before the length is there", () => {
		expect(frame(fresh(), [hex("c0")])).toEqual(["130: it sent a PINGREQ, which only a client may send"]);
		expect(frame(fresh(64, 4), [hex("e0")])).toEqual(["130: it sent a DISCONNECT, which MQTT 3.1.1 does not know"]);
	});

	it("is deaf after a fault, and hears again on a new connection", () => {
		const framer = fresh();
		expect(frame(framer, [hex("d0 00 00 00 d0 00"), hex("d0 00")])).toEqual([
			"d0 00",
			"129: a packet has the reserved type",
		]);
		framer.reset(5);
		expect(frame(framer, [hex("40 02"), hex("00 01")])).toEqual(["40 02 00 01"]);
	});

	it("forgets half a packet of the last connection", () => {
		const framer = fresh();
		frame(framer, [hex("40 02 00")]);
		framer.reset(5);
		expect(frame(framer, [hex("d0 00")])).toEqual(["d0 00"]);
	});

	it("keeps no more than the limit of any stream of bytes", () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 8 }), (chunks) => {
				for (const packet of frame(fresh(32), chunks)) expect(packet.length).toBeLessThan(32 * 3 + 80);
			}),
		);
	});
});
