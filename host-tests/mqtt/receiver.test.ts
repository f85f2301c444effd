import { describe, expect, it } from "vitest";
import { Bench, hex, ScriptedStore, toHex } from "./bench.js";

const LASTING = { sessionExpiryS: 3_600 };

describe("QoS 2 messages from the server (§4.3.3)", () => {
	it("come exactly once: PUBREC, PUBREL, PUBCOMP [MQTT-4.3.3-8 to -12]", () => {
		for (const version of [4, 5] as const) {
			const none = version === 5 ? "00 " : "";
			const bench = new Bench().online(version);
			const publish = (first: string, data: string) => {
				const body = hex(`00 01 "t" 00 07 ${none}${data}`);
				return bench.receive(`${first} ${body.length.toString(16).padStart(2, "0")} ${toHex(body)}`);
			};
			publish("34", '"hi"');
			publish("3c", '"hi"');
			bench.receive("62 02 00 07");
			publish("34", '"ho"'); // the identifier is free: another message
			expect(bench.handler.take()).toEqual(["message t 68 69 q2", "message t 68 6f q2"]);
			expect(bench.stream.take()).toEqual(["50 02 00 07", "50 02 00 07", "70 02 00 07", "50 02 00 07"]);
		}
	});

	it("answers PUBREL for an identifier that it does not know (MQTT 5 table 3-7)", () => {
		const five = new Bench().online(5).receive("62 02 00 09");
		expect(five.stream.take()).toEqual(["70 04 00 09 92 00"]);
		const four = new Bench().online(4).receive("62 02 00 09");
		expect(four.stream.take()).toEqual(["70 02 00 09"]);
		expect([five.session.state, four.session.state]).toEqual(["online", "online"]);
	});

	it("at most as many at once as the server was told [MQTT-3.3.4-7]", () => {
		const bench = new Bench().online(5);
		const id = (number: number) => number.toString(16).padStart(2, "0");
		for (let number = 1; number <= 15; number++) bench.receive(`34 06 00 01 "t" 00 ${id(number)} 00`);
		bench.receive('32 06 00 01 "t" 00 20 00'); // QoS 1 is acknowledged at once
		bench.receive("62 02 00 01").receive('34 06 00 01 "t" 00 10 00 34 06 00 01 "t" 00 11 00');
		expect(bench.session.state).toBe("online");
		bench.receive('3c 06 00 01 "t" 00 11 00'); // sent again is not one more
		expect(bench.session.state).toBe("online");
		bench.handler.take();
		bench.receive('34 06 00 01 "t" 00 12 00');
		expect(bench.handler.take()).toEqual([
			"ended protocol: The broker broke the MQTT protocol: it sends more messages at once than it was told that we take",
		]);
		expect(bench.stream.take().at(-1)).toBe("e0 02 93 00");
	});

	it("of an older server, which cannot be told, twice as many", () => {
		const bench = new Bench().online(4);
		const id = (number: number) => number.toString(16).padStart(2, "0");
		for (let number = 1; number <= 32; number++) bench.receive(`34 05 00 01 "t" 00 ${id(number)}`);
		expect(bench.session.state).toBe("online");
		bench.receive('34 05 00 01 "t" 00 21');
		expect(bench.session.state).toBe("closed");
	});

	it("are remembered over connections of a lasting session, and not of one that ends with its connection", () => {
		for (const [options, connack, times] of [
			[LASTING, "20 03 01 00 00", 1],
			[LASTING, "20 03 00 00 00", 2],
			[{}, "20 03 00 00 00", 2],
		] as const) {
			const bench = new Bench(options).online(5).receive('34 06 00 01 "t" 00 07 00');
			bench.session.onClose("gone");
			bench.open(5).receive(connack).receive('3c 06 00 01 "t" 00 07 00');
			const messages = bench.handler.take().filter((call) => call.startsWith("message"));
			expect(messages.length).toBe(times);
			expect(bench.stream.take().at(-1)).toBe("50 02 00 07");
		}
	});

	it("are acknowledged also when their owner failed, and not on another connection than theirs", () => {
		const bench = new Bench(LASTING).online(5);
		bench.handler.during = () => {
			throw new Error("in the handler");
		};
		expect(() => bench.receive('34 06 00 01 "t" 00 07 00')).toThrow("in the handler");
		expect(bench.stream.take()).toEqual(["50 02 00 07"]);
		bench.handler.during = () => bench.session.close();
		bench.receive('34 06 00 01 "t" 00 08 00');
		expect(bench.stream.take()).toEqual(["e0 02 00 00"]);
	});
});

describe("what is kept of them before an answer goes out", () => {
	it("is the identifier before the message is handed on, and that it is free before PUBCOMP", () => {
		const store = new ScriptedStore();
		const bench = new Bench(LASTING, store).online(5);
		store.take();
		const seen: string[][] = [];
		bench.handler.during = () => seen.push(store.take());
		bench.receive('34 06 00 01 "t" 00 07 00');
		expect(seen).toEqual([["1;;7;dev"]]);
		store.before = () => expect(bench.stream.take()).toEqual(["50 02 00 07"]);
		bench.receive("62 02 00 07");
		expect(store.take()).toEqual(["1;;;dev"]);
		expect(bench.stream.take()).toEqual(["70 02 00 07"]);
	});

	it("is nothing at all for QoS 0 and 1", () => {
		const store = new ScriptedStore();
		const bench = new Bench(LASTING, store).online(5);
		store.take();
		bench.receive('30 04 00 01 "t" 00 32 06 00 01 "t" 00 07 00');
		expect(store.take()).toEqual([]);
	});
});

describe("topic aliases of the server (§3.3.2.3.4)", () => {
	it("stand for what they were sent with, on their connection [MQTT-3.3.2-7]", () => {
		const bench = new Bench({ topicAliasMax: 2 }).online(5);
		bench.receive('30 07 00 01 "t" 03 23 00 02 30 07 00 00 03 23 00 02 "x"');
		expect(bench.handler.take()).toEqual(["message t  q0", "message t 78 q0"]);
		bench.online(5).receive("30 06 00 00 03 23 00 02");
		expect(bench.handler.ends[0]?.kind).toBe("protocol");
		expect(bench.stream.take()).toEqual(["e0 02 82 00"]);
	});
});

it("refuses a payload that is not the text it says it is, and stays (§3.3.2.3.2)", () => {
	const bench = new Bench().online(5);
	bench.receive('32 09 00 01 "t" 00 07 02 01 01 ff').receive('34 09 00 01 "t" 00 08 02 01 01 ff');
	bench.receive('30 07 00 01 "t" 02 01 01 ff');
	expect(bench.stream.take()).toEqual(["40 04 00 07 99 00", "50 04 00 08 99 00"]);
	expect(bench.handler.take()).toEqual([]);
	bench.receive('34 06 00 01 "t" 00 08 00'); // a PUBREC that refuses ends the exchange
	expect(bench.handler.take()).toEqual(["message t  q2"]);
});
