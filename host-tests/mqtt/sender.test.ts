import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { sessionMemory } from "../../firmware/mqtt/memory.js";
import { Sender } from "../../firmware/mqtt/sender.js";
import { hex, ScriptedStream, toHex } from "./bench.js";
import { reference } from "./reference.js";

let stream: ScriptedStream;
let sender: Sender;

beforeEach(() => {
	stream = new ScriptedStream();
	sender = new Sender(sessionMemory(300, 0), 300);
	sender.use(stream);
});

/** Makes a packet and sends it: what was made is gone when something else was sent. */
function send(): boolean {
	sender.bytes.set(hex("30 03 00 01 74"));
	return sender.send(5);
}

describe("the way out", () => {
	it("sends every packet in one write", () => {
		expect(send()).toBe(true);
		expect(sender.sendAcknowledgement(0x40, 0x1234)).toBe(true);
		expect(sender.sendEmpty(0xc0)).toBe(true);
		expect(stream.take()).toEqual(["30 03 00 01 74", "40 02 12 34", "c0 00"]);
	});

	it("writes every acknowledgement as mqtt-packet does", () => {
		const names = { 64: "puback", 80: "pubrec", 98: "pubrel", 112: "pubcomp" };
		fc.assert(
			fc.property(
				fc.constantFrom(0x40, 0x50, 0x62, 0x70),
				fc.integer({ min: 1, max: 65_535 }),
				fc.constantFrom(0, 0x10, 0x92, 0x99),
				fc.constantFrom(4, 5),
				(first, messageId, code, version) => {
					const reasonCode = version === 5 ? code : 0;
					sender.sendAcknowledgement(first, messageId, reasonCode);
					const cmd = names[first as keyof typeof names];
					expect(stream.take()).toEqual([toHex(reference({ cmd, messageId, reasonCode }, version as 4 | 5))]);
				},
			),
		);
		sender.sendEmpty(0xc0);
		expect(stream.take()).toEqual([toHex(reference({ cmd: "pingreq" }, 5))]);
	});

	it("counts the PUBACKs that wait, until they go", () => {
		stream.room = 0;
		sender.sendAcknowledgement(0x40, 1);
		sender.sendAcknowledgement(0x50, 2);
		expect(sender.waitingPubacks).toBe(1);
		stream.room = 9;
		sender.writable();
		sender.sendAcknowledgement(0x40, 3);
		expect(sender.waitingPubacks).toBe(0);
	});

	it("keeps small packets until there is room, sends them first and together", () => {
		stream.room = 0;
		expect(send()).toBe(false);
		expect(sender.ready).toBe(false);
		expect(sender.sendAcknowledgement(0x40, 1)).toBe(true);
		expect(sender.sendEmpty(0xc0)).toBe(true);
		stream.room = 9;
		expect(send()).toBe(false); // not before the stream says so
		sender.writable();
		expect(sender.ready).toBe(true);
		expect(send()).toBe(true);
		expect(stream.take()).toEqual(["40 02 00 01 c0 00", "30 03 00 01 74"]);
	});

	it("keeps them when the room was not enough", () => {
		stream.room = 0;
		sender.sendAcknowledgement(0x40, 1);
		sender.writable();
		expect(sender.ready).toBe(false);
		stream.room = 1;
		sender.writable();
		expect(stream.take()).toEqual(["40 02 00 01"]);
	});

	it("keeps sixty acknowledgements and a ping, and says when there are more", () => {
		stream.room = 0;
		for (let id = 1; id <= 60; id++) expect(sender.sendAcknowledgement(0x40, id)).toBe(true);
		expect(sender.sendEmpty(0xc0)).toBe(true);
		expect(sender.sendEmpty(0xc0)).toBe(false);
		expect(sender.sendAcknowledgement(0x40, 61)).toBe(false);
	});

	it("forgets what waited for another stream", () => {
		stream.room = 0;
		sender.sendAcknowledgement(0x40, 1);
		sender.use(undefined);
		expect(send()).toBe(false);
		const next = new ScriptedStream();
		sender.use(next);
		send();
		expect(next.take()).toEqual(["30 03 00 01 74"]);
	});
});
