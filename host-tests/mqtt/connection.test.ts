import { describe, expect, it } from "vitest";
import { Bench, hex } from "./bench.js";

describe("keep-alive (§3.1.2.10)", () => {
	it("pings after nine tenths of it, and is content with the answer", () => {
		const bench = new Bench().online(5).pass(53_999);
		expect(bench.stream.take()).toEqual([]);
		bench.pass(1);
		expect(bench.stream.take()).toEqual(["c0 00"]);
		bench.receive("d0 00").pass(53_999);
		expect(bench.stream.take()).toEqual([]);
		expect(bench.pass(1).stream.take()).toEqual(["c0 00"]);
	});

	it("counts from the last packet sent", () => {
		const bench = new Bench().online(4);
		for (let minute = 0; minute < 3; minute++) {
			bench.pass(40_000).session.publish("t", "", 1, false, minute);
			bench.receive(`40 02 00 0${minute + 1}`);
		}
		expect(bench.stream.take().filter((packet) => packet === "c0 00")).toEqual([]);
		expect(bench.pass(54_000).stream.take()).toEqual(["c0 00"]);
	});

	it("finds a dead peer within one and a half of it, also when it keeps publishing", () => {
		const bench = new Bench().online(5);
		for (let seconds = 0; seconds < 90 && bench.session.state === "online"; seconds += 5) {
			bench.session.publish("t", "", 0, false, 1);
			bench.pass(5_000);
		}
		expect(bench.handler.take()).toEqual(["ended network: The broker no longer answers"]);
		expect(bench.stream.closed).toBe(1);
		expect(bench.session.state).toBe("closed");
	});

	it("does not take an endless packet for a sign of life", () => {
		const bench = new Bench().online(5).receive("30 fd 01 00 01");
		for (let seconds = 0; seconds < 90 && bench.session.state === "online"; seconds++) bench.receive("61").pass(1_000);
		expect(bench.handler.ends).toEqual([{ kind: "network", reason: "The broker no longer answers" }]);
	});

	it("is off when the server says 0, or we do", () => {
		for (const bench of [new Bench().online(5, "20 06 00 00 03 13 00 00"), new Bench({ keepAliveS: 0 }).online(4)]) {
			bench.pass(1e9);
			expect(bench.stream.take()).toEqual([]);
			expect(bench.session.dueMs).toBe(Number.POSITIVE_INFINITY);
		}
	});

	it("pings into a full stream once there is room", () => {
		const bench = new Bench().online(5);
		bench.stream.room = 0;
		bench.session.publish("t", "", 0, false, 1);
		bench.pass(54_000);
		bench.stream.room = 9;
		bench.session.onWritable();
		expect(bench.stream.take()).toEqual(["c0 00"]);
	});
});

describe("the end", () => {
	it("is DISCONNECT and silence when we want it (§3.14)", () => {
		for (const [version, disconnect] of [
			[4, "e0 00"],
			[5, "e0 02 00 00"],
		] as const) {
			const bench = new Bench().online(version);
			bench.session.close();
			bench.session.close();
			expect(bench.stream.take()).toEqual([disconnect]);
			expect(bench.stream.closed).toBe(1);
			bench.receive("d0 00 ff ff");
			bench.session.onWritable();
			bench.session.onClose("late");
			expect(bench.handler.take()).toEqual([]);
			expect(bench.session.dueMs).toBe(Number.POSITIVE_INFINITY);
		}
	});

	it("is only silence before CONNACK", () => {
		const opening = new Bench();
		opening.session.open(opening.stream, 5);
		opening.session.close();
		expect(opening.stream.take()).toEqual([]);
		expect(opening.stream.closed).toBe(1);
		const connecting = new Bench().open(5);
		connecting.stream.take();
		connecting.session.close();
		expect(connecting.stream.take()).toEqual([]);
	});

	it("is told when the stream breaks, in each state", () => {
		const opening = new Bench();
		opening.session.open(opening.stream, 5);
		opening.session.onClose("no answer");
		expect(opening.handler.take()).toEqual(["ended network: The connection was lost: no answer"]);
		const connecting = new Bench().open(4);
		connecting.session.onClose("reset");
		expect(connecting.handler.take()).toEqual(["ended network: The connection was lost: reset"]);
		const online = new Bench().online(5);
		online.session.onClose("reset");
		online.session.onClose("again");
		expect(online.handler.take()).toEqual(["ended network: The connection was lost: reset"]);
		expect(online.stream.closed).toBe(0); // it is over already
	});

	it("may mean an old server when it comes in answer to an MQTT 5 CONNECT, unless we know better", () => {
		const bench = new Bench().open(5);
		bench.session.onClose("reset");
		expect(bench.handler.take()).toEqual([
			"ended version: The broker hung up on MQTT 5, as one does that knows 3.1.1 only (reset)",
		]);
		bench.online(5).session.onClose("reset");
		bench.open(5).session.onClose("reset");
		expect(bench.handler.ends.slice(1).map(({ kind }) => kind)).toEqual(["network", "network"]);
	});

	it("lets one session live through many connections", () => {
		const bench = new Bench({ inFlightMax: 1 });
		for (let times = 1; times <= 100; times++) {
			bench.online(times % 2 === 0 ? 4 : 5);
			expect(bench.session.publish("t", "", 1, false, times)).toBe(true);
			bench.session.subscribe(["a"], 1);
			bench.receive("30"); // half a packet
			if (times % 3 === 0) bench.session.close();
			else bench.session.onClose("reset");
		}
		bench.online(5);
		bench.session.publish("t", "", 1, false, 7);
		const id = bench.stream.take()[0]?.slice(-8, -3);
		bench.receive(`40 02 ${id}`);
		expect(bench.handler.take().at(-1)).toBe("acknowledged 7 taken");
	});

	it("leaves one stream for another without a word", () => {
		const bench = new Bench().online(5);
		const first = bench.stream;
		bench.open(4);
		expect(first.closed).toBe(1);
		expect(first.take()).toEqual([]);
		expect(bench.handler.take()).toEqual([]);
	});
});

it("takes no bytes without a stream", () => {
	const bench = new Bench();
	bench.session.onData(hex("d0 00"), 2);
	bench.session.onOpen();
	bench.session.onWritable();
	bench.session.onClose("nothing");
	expect(bench.handler.take()).toEqual([]);
});
