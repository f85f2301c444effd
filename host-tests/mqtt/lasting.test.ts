import { describe, expect, it } from "vitest";
import { Bench, hex, ScriptedStore, toHex } from "./bench.js";

const h = (text: string) => toHex(hex(text));
const LASTING = { sessionExpiryS: 3_600 };
const PRESENT = "20 03 01 00 00";
const ABSENT = "20 03 00 00 00";
const OLD_PRESENT = "20 02 01 00";
const OLD_ABSENT = "20 02 00 00";

/** The flags of the CONNECT that a new stream is greeted with; bit 1 asks for a new session. */
function connectFlags(bench: Bench, version: 4 | 5): number {
	return Number.parseInt(bench.open(version).stream.take()[0]?.split(" ")[9] ?? "", 16);
}

describe("a session that outlives its connection (§3.1.2.4, §3.2.2.1)", () => {
	it("asks for the time it is to be kept (§3.1.2.11.2)", () => {
		const bench = new Bench({ ...LASTING, topicAliasMax: 5 }).open(5);
		expect(bench.stream.take()).toEqual([
			h('10 20 00 04 "MQTT" 05 00 00 3c 10 21 00 10 27 00 00 01 00 11 00 00 0e 10 22 00 05 00 03 "dev"'),
		]);
	});

	it("asks for what there is, and goes on with it", () => {
		for (const [version, absent, present] of [
			[4, OLD_ABSENT, OLD_PRESENT],
			[5, ABSENT, PRESENT],
		] as const) {
			const bench = new Bench(LASTING);
			expect(connectFlags(bench, version)).toBe(0);
			bench.receive(absent).session.onClose("gone");
			expect(connectFlags(bench, version)).toBe(0);
			bench.receive(present);
			expect(bench.handler.take()).toEqual([
				"online false",
				"ended network: The connection was lost: gone",
				"online true",
			]);
		}
	});

	it("goes on after a restart where there is a store, and only as the same client", () => {
		const store = new ScriptedStore();
		new Bench(LASTING, store).online(5);
		expect(new Bench(LASTING, store).open(5).receive(PRESENT).session.state).toBe("online");
		expect(new Bench({ ...LASTING, clientId: "x" }, store).open(5).receive(PRESENT).session.state).toBe("closed");
		expect(new Bench(LASTING).open(5).receive(PRESENT).session.state).toBe("closed");
		expect(connectFlags(new Bench({}, store), 5)).toBe(2);
	});

	it("that only the server knows is not resumed, and forgotten first [MQTT-3.2.2-4]", () => {
		for (const [version, absent, present] of [
			[4, OLD_ABSENT, OLD_PRESENT],
			[5, ABSENT, PRESENT],
		] as const) {
			const bench = new Bench(LASTING);
			bench.open(version).receive(present);
			expect(bench.handler.take()).toEqual([
				"ended server: The broker kept a session that this device no longer knows, and is asked to forget it",
			]);
			expect(connectFlags(bench, version)).toBe(2);
			bench.receive(absent).session.onClose("gone");
			expect(connectFlags(bench, version)).toBe(0);
			bench.receive(present); // with MQTT 3.1.1 the session before ended with its connection
			expect(bench.session.state).toBe(version === 5 ? "online" : "closed");
		}
	});

	it("of MQTT 3.1.1 needs a client id [MQTT-3.1.3-7]", () => {
		expect(connectFlags(new Bench({ ...LASTING, clientId: "" }), 4)).toBe(2);
	});

	it("is forgotten when its owner says so", () => {
		const store = new ScriptedStore();
		const bench = new Bench(LASTING, store).online(5);
		bench.session.publish("t", "", 2, false, 1);
		bench.receive('34 06 00 01 "t" 00 07 00');
		bench.stream.take();
		bench.session.forgetSession();
		expect(bench.stream.take()).toEqual(["e0 02 00 00"]);
		expect(store.values.size).toBe(0);
		expect(connectFlags(bench, 5)).toBe(2);
		expect(connectFlags(bench, 4)).toBe(2);
	});
});

describe("the client id that the server chose (§3.2.2.3.7)", () => {
	it("is used from then on", () => {
		const bench = new Bench({ ...LASTING, clientId: "" });
		bench.open(5).receive('20 09 00 00 06 12 00 03 "abc"');
		expect(bench.session.clientId).toBe("abc");
		bench.session.onClose("gone");
		expect(bench.open(5).stream.take()[0]).toContain(toHex(hex('00 03 "abc"')));
	});
});

describe("UNSUBSCRIBE (§3.10, §3.11)", () => {
	it("asks for all filters at once, and hears of the answer", () => {
		const five = new Bench().online(5);
		expect(five.session.unsubscribe(["a/+", "b"])).toBe(true);
		expect(five.stream.take()).toEqual([h('a2 0b 00 01 00 00 03 "a/+" 00 01 "b"')]);
		expect(five.session.subscribe(["c"], 1)).toBe(false); // one at a time
		five.receive("b0 05 00 01 00 00 87");
		expect(five.handler.take()).toEqual([
			"unsubscribed The broker refused to unsubscribe from b: the user name or client id has no permission",
			"room",
		]);
		const four = new Bench().online(4);
		four.session.unsubscribe(["a"]);
		four.receive("b0 02 00 01");
		expect(four.stream.take()).toEqual([h('a2 05 00 01 00 01 "a"')]);
		expect(four.handler.take()).toEqual(["unsubscribed all"]);
	});

	it("must be answered, by its own answer, and in 20 s", () => {
		for (const packet of ["90 04 00 01 00 00", "b0 04 00 02 00 00", "b0 05 00 01 00 00 00"]) {
			const bench = new Bench().online(5);
			bench.session.unsubscribe(["a"]);
			bench.receive(packet);
			expect(bench.handler.ends[0]?.kind).toBe("protocol");
		}
		const bench = new Bench().online(5);
		bench.session.unsubscribe(["a"]);
		bench.pass(20_000);
		expect(bench.handler.take()).toEqual(["ended network: The broker did not answer within 20 s"]);
	});

	it("is refused, later, where it makes no sense", () => {
		const bench = new Bench().online(5);
		expect(bench.session.unsubscribe([])).toBe(true);
		bench.pass(0);
		expect(bench.handler.take()).toEqual(["unsubscribed There is nothing to subscribe to"]);
	});
});

describe("subscription options (§3.8.3.1)", () => {
	it("are sent with MQTT 5, and left out of MQTT 3.1.1", () => {
		const options = { noLocal: true, retainAsPublished: true, retainHandling: 2, subscriptionId: 300 } as const;
		const five = new Bench().online(5);
		five.session.subscribe(["a"], 2, options);
		expect(five.stream.take()).toEqual([h('82 0a 00 01 03 0b ac 02 00 01 "a" 2e')]);
		const four = new Bench().online(4);
		four.session.subscribe(["a"], 2, options);
		expect(four.stream.take()).toEqual([h('82 06 00 01 00 01 "a" 02')]);
	});

	it("are refused, later, where the server does not know them (§3.2.2.3.11 to §3.2.2.3.13)", () => {
		const bench = new Bench().online(5, "20 09 00 00 06 28 00 29 00 2a 00");
		const cases = [
			["a/+", {}, "The broker knows no wildcards, such as in a/+"],
			["$share/g/a", {}, "The broker knows no shared subscriptions, such as $share/g/a"],
			["a", { subscriptionId: 1 }, "The broker knows no subscription identifiers"],
			["a+", {}, '"a+" is not a filter that one can subscribe to'],
		] as const;
		for (const [filter, options, why] of cases) {
			expect(bench.session.subscribe([filter], 1, options)).toBe(true);
			bench.pass(0);
			expect(bench.handler.take()).toEqual([`subscribed ${why}`]);
		}
		expect(bench.stream.take()).toEqual([]);
	});
});

it("leaves with the will, or without (§3.14.2.1)", () => {
	for (const [version, withWill, said] of [
		[5, true, ["e0 02 04 00"]],
		[5, false, ["e0 02 00 00"]],
		[4, true, []],
		[4, false, ["e0 00"]],
	] as const) {
		const bench = new Bench().online(version);
		bench.session.close(withWill);
		expect(bench.stream.take()).toEqual(said);
		expect(bench.stream.closed).toBe(1);
	}
});

it("gives a stream 45 s to open", () => {
	const bench = new Bench();
	bench.session.open(bench.stream, 5);
	expect(bench.pass(44_999).session.state).toBe("opening");
	bench.pass(1);
	expect(bench.handler.take()).toEqual(["ended network: The connection did not open within 45 s"]);
});
