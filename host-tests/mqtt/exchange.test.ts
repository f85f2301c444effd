import { describe, expect, it } from "vitest";
import { Bench, hex, toHex } from "./bench.js";

const h = (text: string) => toHex(hex(text));

describe("the beginning (§3.1, §3.2)", () => {
	it("sends CONNECT when the stream opens, and nothing else before CONNACK", () => {
		const bench = new Bench();
		bench.session.open(bench.stream, 5);
		expect(bench.session.state).toBe("opening");
		expect(bench.stream.take()).toEqual([]);
		bench.session.onOpen();
		bench.session.onOpen();
		expect(bench.stream.take()).toEqual([h('10 18 00 04 "MQTT" 05 02 00 3c 08 21 00 10 27 00 00 01 00 00 03 "dev"')]);
		expect(bench.session.state).toBe("connecting");
		bench.pass(19_999);
		expect(bench.stream.take()).toEqual([]);
		bench.receive("20 03 00 00 00");
		expect(bench.session.state).toBe("online");
		expect(bench.handler.take()).toEqual(["online false"]);
	});

	it("gives the server 20 s for its CONNACK", () => {
		const bench = new Bench().open(5).pass(20_000);
		expect(bench.handler.take()).toEqual(["ended network: The broker did not answer within 20 s"]);
		expect(bench.stream.take().length).toBe(1); // only CONNECT: no DISCONNECT before CONNACK
		expect(bench.session.dueMs).toBe(Number.POSITIVE_INFINITY);
	});

	it("says in words why it was refused", () => {
		const refused = "The broker refused the connection:";
		const cases = [
			[4, "20 02 00 01", `version: ${refused} it does not speak this version of MQTT`],
			[4, "20 02 00 04", `credentials: ${refused} the user name or password is wrong`],
			[4, "20 02 00 05", `credentials: ${refused} user name, password or client id is wrong, or has no permission`],
			[4, "20 02 00 03", `server: ${refused} the server is not available`],
			[5, "20 03 00 84 00", `version: ${refused} it does not speak this version of MQTT`],
			[5, "20 03 00 86 00", `credentials: ${refused} the user name or password is wrong`],
			[
				5,
				'20 08 00 87 05 1f 00 02 "no"',
				`credentials: ${refused} user name, password or client id is wrong, or has no permission ("no")`,
			],
			[5, "20 03 00 89 00", `server: ${refused} the server is busy`],
			[5, "20 02 00 01", "version: The broker answered as one that knows MQTT 3.1.1 only"],
			[5, "20 02 00 00", "version: The broker answered as one that knows MQTT 3.1.1 only"],
		] as const;
		for (const [version, connack, end] of cases) {
			const bench = new Bench().open(version).receive(connack);
			expect(bench.handler.take()).toEqual([`ended ${end}`]);
			expect(bench.session.state).toBe("closed");
			expect(bench.stream.closed).toBe(1);
		}
	});

	it("does not believe in a session that it asked to forget [MQTT-3.2.2-4]", () => {
		const bench = new Bench().open(5).receive("20 03 01 00 00");
		expect(bench.handler.take()).toEqual([
			"ended protocol: The broker broke the MQTT protocol: it kept a session that we asked it to forget",
		]);
	});

	it("ends when it cannot say CONNECT", () => {
		const small = new Bench({ sendBytesMax: 10 }).open(5);
		expect(small.handler.take()).toEqual(["ended protocol: CONNECT is not valid, or larger than this device may send"]);
		const full = new Bench();
		full.stream.room = 0;
		full.session.open(full.stream, 5);
		full.session.onOpen();
		expect(full.handler.ends).toMatchObject([{ kind: "network" }]);
	});

	it("obeys the server's keep-alive [MQTT-3.2.2-21]", () => {
		const bench = new Bench().online(5, "20 06 00 00 03 13 00 0a");
		bench.pass(8_999);
		expect(bench.stream.take()).toEqual([]);
		bench.pass(1);
		expect(bench.stream.take()).toEqual(["c0 00"]);
	});
});

describe("messages that arrive (§3.3, §4.3)", () => {
	it("are acknowledged after their owner is done, QoS 0 not at all", () => {
		const bench = new Bench().online(5);
		const sentBefore: number[] = [];
		bench.handler.during = () => sentBefore.push(bench.stream.written.length);
		bench.receive('32 08 00 01 "t" 00 07 00 "hi" 30 06 00 01 "u" 00 "ho"');
		expect(sentBefore).toEqual([0, 1]);
		expect(bench.handler.take()).toEqual(["message t 68 69 q1", "message u 68 6f q0"]);
		expect(bench.stream.take()).toEqual(["40 02 00 07"]);
	});

	it("have Response Topic and Correlation Data", () => {
		const bench = new Bench().online(5).receive('31 0e 00 01 "t" 09 08 00 01 "r" 09 00 02 01 02 "x"');
		expect(bench.handler.take()).toEqual(["message t 78 q0 retained reply to r with 01 02"]);
	});

	it("may be empty, as large as the limit, and marked as sent before", () => {
		const bench = new Bench().online(4);
		bench.receive('3a 05 00 01 "t" 00 01');
		bench.receive(hex(`30 fd 01 00 01 "t" ${"61 ".repeat(250)}`));
		expect(bench.handler.take()).toEqual(["message t  q1 again", `message t ${"61 ".repeat(250).trim()} q0`]);
	});

	it("are acknowledged also when their owner failed, and the next ones are read", () => {
		const bench = new Bench().online(4);
		bench.handler.during = (message) => {
			if (message.topic === "t") throw new Error("in the handler");
		};
		expect(() => bench.receive('32 05 00 01 "t" 00 01 32 05 00 01 "u" 00 02 32 05')).toThrow("in the handler");
		bench.receive('00 01 "v" 00 03');
		expect(bench.handler.take()).toEqual(["message t  q1", "message u  q1", "message v  q1"]);
		expect(bench.stream.take()).toEqual(["40 02 00 01", "40 02 00 02", "40 02 00 03"]);
	});

	it("wait for room with their acknowledgements, up to the Receive Maximum", () => {
		const bench = new Bench().online(5);
		bench.stream.room = 0;
		for (let id = 1; id <= 16; id++) bench.receive(`32 06 00 01 "t" 00 ${id.toString(16).padStart(2, "0")} 00`);
		bench.stream.room = 9;
		bench.session.onWritable();
		expect(bench.stream.take()[0]?.length).toBe(16 * 4 * 3 - 1);

		bench.stream.room = 0;
		for (let id = 1; id <= 17; id++) bench.receive(`32 06 00 01 "t" 00 ${id.toString(16).padStart(2, "0")} 00`);
		expect(bench.handler.ends).toEqual([
			{
				kind: "protocol",
				reason: "The broker broke the MQTT protocol: it sends more messages at once than it was told that we take",
			},
		]);
	});

	it("let their owner publish, close, and open again from inside", () => {
		const bench = new Bench().online(4);
		bench.handler.during = ({ topic }) => {
			if (topic === "p") bench.session.publish("answer", "", 1, false, 1);
			else bench.session.close();
		};
		const old = bench.stream;
		bench.receive('32 05 00 01 "p" 00 01 32 05 00 01 "c" 00 02 32 05 00 01 "d" 00 03');
		expect(old.take()).toEqual([h('32 0a 00 06 "answer" 00 01'), "40 02 00 01", "e0 00"]);
		expect(bench.handler.take()).toEqual(["message p  q1", "message c  q1"]);

		bench.online(4);
		const first = bench.stream;
		bench.handler.during = () => {
			bench.online(4);
		};
		bench.receive('32 05 00 01 "x" 00 09 32 05 00 01 "y" 00 0a');
		expect(first.take()).toEqual([]);
		expect(bench.stream.take()).toEqual([]); // an acknowledgement belongs to the connection that brought the message
		expect(bench.session.state).toBe("online");
	});
});

describe("acknowledgements (§3.4, §3.9)", () => {
	it("say why a message was refused", () => {
		const bench = new Bench().online(5);
		bench.session.publish("t", "", 1, false, 5);
		bench.receive('40 08 00 01 97 04 1f 00 01 "x"');
		expect(bench.handler.take()).toEqual(['acknowledged 5 The broker refused the message: a quota is used up ("x")']);
	});

	it("that nobody waits for break the protocol", () => {
		for (const packet of ["40 02 00 01", "90 03 00 01 00", "b0 02 00 01"]) {
			const bench = new Bench().online(4).receive(packet);
			expect(bench.handler.ends[0]?.reason).toMatch(/that nobody waits for$/);
		}
	});

	it("answer all filters or break the protocol [MQTT-3.8.4-6]", () => {
		for (const packet of ["90 04 00 01 00 01", "90 06 00 01 00 00 00 00"]) {
			const bench = new Bench().online(5);
			bench.session.subscribe(["a", "b"], 1);
			bench.receive(packet);
			expect(bench.handler.ends[0]?.kind).toBe("protocol");
		}
	});
});

describe("DISCONNECT from the server (MQTT 5 §3.14)", () => {
	it("ends the session with the server's reason", () => {
		const cases = [
			["server", "e0 00", "The broker closed the connection"],
			["taken", "e0 01 8e", "The broker closed the connection: another client connected with the same client id"],
			["server", 'e0 06 8b 04 1f 00 01 "x"', 'The broker closed the connection: the server is shutting down ("x")'],
			["moved", 'e0 06 9d 04 1c 00 01 "y"', "The broker closed the connection: the server has moved (y)"],
		] as const;
		for (const [kind, packet, reason] of cases) {
			const bench = new Bench().online(5).receive(`${packet} d0 00`);
			expect(bench.handler.ends).toEqual([{ kind, reason }]);
			expect(bench.stream.take()).toEqual([]); // [MQTT-3.14.4-2]: nothing after it
			expect(bench.stream.closed).toBe(1);
		}
	});
});
