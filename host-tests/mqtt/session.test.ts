import { describe, expect, it } from "vitest";
import { Bench, hex, toHex } from "./bench.js";

const h = (text: string) => toHex(hex(text));

describe("publish", () => {
	it("sends QoS 0 and forgets it (§4.3.1)", () => {
		const { session, stream, handler } = new Bench().online(4);
		expect(session.publish("t", "hi", 0, false, 1)).toBe(true);
		expect(session.publish("t", hex("00 ff"), 0, true, 2)).toBe(true);
		expect(stream.take()).toEqual([h('30 05 00 01 "t" "hi"'), h('31 05 00 01 "t" 00 ff')]);
		expect(handler.take()).toEqual([]);
	});

	it("sends QoS 1 and waits for its PUBACK (§4.3.2)", () => {
		const bench = new Bench().online(5);
		const { session, stream, handler } = bench;
		session.publish("t", "hi", 1, true, 41);
		session.publish("t", "ho", 1, false, 42);
		expect(stream.take()).toEqual([h('33 08 00 01 "t" 00 01 00 "hi"'), h('32 08 00 01 "t" 00 02 00 "ho"')]);
		bench.receive("40 02 00 02").receive("40 03 00 01 10");
		expect(handler.take()).toEqual(["acknowledged 42 taken", "acknowledged 41 taken"]);
	});

	it("sends Content Type, Correlation Data and expiry with MQTT 5 only", () => {
		const extras = { contentType: "c", correlationData: hex("07"), messageExpiryS: 9 };
		const five = new Bench().online(5);
		five.session.publish("t", "", 0, false, 1, extras);
		expect(five.stream.take()).toEqual([h('30 11 00 01 "t" 0d 03 00 01 "c" 09 00 01 07 02 00 00 00 09')]);
		const four = new Bench().online(4);
		four.session.publish("t", "", 0, false, 1, extras);
		expect(four.stream.take()).toEqual([h('30 03 00 01 "t"')]);
	});

	it("waits while the window is full, our own or the server's [MQTT-4.9.0-2]", () => {
		for (const [connack, window] of [
			["20 03 00 00 00", 4],
			["20 06 00 00 03 21 00 02", 2],
		] as const) {
			const bench = new Bench().online(5, connack);
			for (let token = 1; token <= window; token++) expect(bench.session.publish("t", "", 1, false, token)).toBe(true);
			expect(bench.session.publish("t", "", 1, false, 9)).toBe(false);
			expect(bench.session.publish("t", "", 0, false, 9)).toBe(true); // QoS 0 is not counted
			bench.receive("40 02 00 01");
			expect(bench.handler.take()).toEqual(["acknowledged 1 taken", "room"]);
			expect(bench.session.publish("t", "", 1, false, 9)).toBe(true);
			bench.receive("40 02 00 02");
			expect(bench.handler.take()).toEqual(["acknowledged 2 taken"]); // nobody asked for room since
		}
	});

	it("waits while the stream is full, and says when it is not", () => {
		const { session, stream, handler } = new Bench().online(5);
		stream.room = 1;
		expect(session.publish("t", "", 1, false, 1)).toBe(true);
		expect(session.publish("t", "", 1, false, 2)).toBe(false);
		stream.room = 9;
		expect(session.publish("t", "", 1, false, 2)).toBe(false);
		session.onWritable();
		expect(handler.take()).toEqual(["room"]);
		session.publish("t", "", 1, false, 2);
		expect(stream.take().length).toBe(2);
		session.onWritable();
		expect(handler.take()).toEqual([]);
	});

	it("does with less than it wants: Maximum QoS and Retain Available [MQTT-3.2.2-11, -14]", () => {
		const { session, stream } = new Bench().online(5, "20 07 00 00 04 24 00 25 00");
		session.publish("t", "x", 1, true, 1);
		expect(stream.take()).toEqual([h('30 05 00 01 "t" 00 "x"')]);
	});

	it("refuses, later, what can never be sent: too large for the server, or for us [MQTT-3.2.2-15]", () => {
		const bench = new Bench().online(5, "20 08 00 00 05 27 00 00 00 14");
		const { session, stream, handler } = bench;
		expect(session.sendBytesMax).toBe(20);
		expect(session.publish("t", "x".repeat(14), 0, false, 1)).toBe(true);
		expect(stream.take().length).toBe(1);
		expect(session.publish("t", "x".repeat(15), 0, false, 2)).toBe(true);
		expect(session.publish("t", "y", 0, false, 3)).toBe(false); // one refusal at a time
		expect(handler.take()).toEqual([]);
		expect(session.dueMs).toBe(0);
		bench.pass(0);
		expect(handler.take()).toEqual([
			"acknowledged 2 A message to t is larger than the 20 bytes that can be sent",
			"room",
		]);
		expect(stream.take()).toEqual([]);
		expect(new Bench().online(4).session.publish("t", "x".repeat(300), 1, false, 1)).toBe(true);
	});

	it("refuses a topic that nobody can publish to", () => {
		const bench = new Bench().online(5);
		for (const topic of ["", "a/#", "+", "a\0"]) {
			expect(bench.session.publish(topic, "x", 1, false, 5)).toBe(true);
			bench.pass(0);
			expect(bench.handler.take()).toEqual([`acknowledged 5 "${topic}" is not a topic that one can publish to`]);
		}
		expect(bench.stream.take()).toEqual([]);
	});

	it("is for a session that is online", () => {
		const bench = new Bench();
		expect(bench.session.publish("t", "x", 0, false, 1)).toBe(false);
		expect(bench.open(5).session.publish("t", "x", 0, false, 1)).toBe(false);
		expect(bench.session.subscribe(["t"], 1)).toBe(false);
		expect(bench.stream.take().length).toBe(1); // CONNECT
	});

	it("uses every identifier before one again, and none that a message or a SUBSCRIBE waits with", () => {
		const bench = new Bench().online(4);
		const { session, stream } = bench;
		session.publish("t", "", 1, false, 0);
		session.subscribe(["a"], 1);
		const seen = new Set<number>();
		let last = 0;
		stream.write = (bytes) => {
			last = (bytes[5] as number) * 256 + (bytes[6] as number);
			seen.add(last);
			return true;
		};
		for (let token = 1; token <= 65_533; token++) {
			session.publish("t", "", 1, false, token);
			session.onData(Uint8Array.of(0x40, 2, last >> 8, last & 0xff), 4);
		}
		expect(seen.size).toBe(65_533);
		expect([0, 1, 2].filter((id) => seen.has(id))).toEqual([]);
		expect(session.state).toBe("online");
	});
});

describe("subscribe (§3.8)", () => {
	it("asks for all filters at once, and hears of the answer", () => {
		const bench = new Bench().online(5);
		expect(bench.session.subscribe(["a/+", "b"], 1)).toBe(true);
		expect(bench.stream.take()).toEqual([h('82 0d 00 01 00 00 03 "a/+" 01 00 01 "b" 01')]);
		expect(bench.session.subscribe(["c"], 1)).toBe(false); // one at a time
		bench.receive("90 05 00 01 00 01 00");
		expect(bench.handler.take()).toEqual(["subscribed all", "room"]);
	});

	it("says which filter was refused", () => {
		const bench = new Bench().online(4);
		bench.session.subscribe(["a", "b"], 1);
		bench.receive("90 04 00 01 01 80");
		expect(bench.handler.take()).toEqual(["subscribed The broker refused the subscription to b: it did not say why"]);
	});

	it("refuses, later, what is too large to ask", () => {
		const bench = new Bench().online(5);
		expect(bench.session.subscribe(["x".repeat(300)], 1)).toBe(true);
		bench.pass(0);
		expect(bench.handler.take()).toEqual(["subscribed The subscription is larger than what can be sent"]);
	});

	it("waits while the stream is full", () => {
		const { session, stream, handler } = new Bench().online(5);
		stream.room = 0;
		expect(session.subscribe(["a"], 1)).toBe(false);
		stream.room = 9;
		session.onWritable();
		expect(handler.take()).toEqual(["room"]);
		expect(session.subscribe(["a"], 1)).toBe(true);
	});
});

describe("a server that does not answer", () => {
	it("is left 20 s after a SUBSCRIBE and 30 s after a QoS 1 message, with keep-alive or without", () => {
		for (const keepAliveS of [0, 600]) {
			const one = new Bench({ keepAliveS }).online(5);
			one.session.subscribe(["a"], 1);
			expect(one.pass(19_999).session.state).toBe("online");
			one.pass(1);
			expect(one.handler.take()).toEqual(["ended network: The broker did not answer within 20 s"]);

			const two = new Bench({ keepAliveS }).online(5);
			two.session.publish("t", "", 1, false, 1);
			two.pass(29_000).session.publish("t", "", 1, false, 2);
			expect(two.pass(999).session.state).toBe("online");
			two.pass(1);
			expect(two.handler.take()).toEqual(["ended network: The broker did not acknowledge a message within 30 s"]);
			expect(two.stream.closed).toBe(1);
		}
	});

	it("leaves nothing due once it is gone", () => {
		const bench = new Bench().online(5);
		bench.session.publish("t", "", 1, false, 1);
		bench.session.subscribe(["a"], 1);
		bench.session.publish("#", "", 1, false, 2);
		bench.session.onClose("gone");
		expect(bench.session.dueMs).toBe(Number.POSITIVE_INFINITY);
		bench.handler.take();
		bench.pass(1e9);
		expect(bench.handler.take()).toEqual([]);
	});
});
