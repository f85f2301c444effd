import { describe, expect, it } from "vitest";
import { Bench, hex, ScriptedStore, toHex } from "./bench.js";

const h = (text: string) => toHex(hex(text));
const LASTING = { sessionExpiryS: 3_600 };
const PRESENT = "20 03 01 00 00";
const ABSENT = "20 03 00 00 00";

/** A session that has published `count` messages of a QoS, tokens and identifiers from 1 on, all kept by their owner. */
function published(qos: 1 | 2, count: number, store?: ScriptedStore): Bench {
	const bench = new Bench(LASTING, store).online(5);
	for (let token = 1; token <= count; token++) {
		bench.handler.owned.set(token, { topic: "t", payload: `${token}`, retain: token === 2 });
		bench.session.publish("t", `${token}`, qos, token === 2, token);
	}
	bench.stream.take();
	return bench;
}

/** The stream breaks, and another comes. */
function reconnect(bench: Bench, connack: string): Bench {
	bench.session.onClose("gone");
	bench.handler.take();
	bench.open(5);
	bench.stream.take();
	return bench.receive(connack);
}

describe("QoS 2 to the server (§4.3.3)", () => {
	it("goes PUBLISH, PUBREC, PUBREL, PUBCOMP; its owner is free at PUBREC, the window at PUBCOMP", () => {
		const bench = new Bench({ inFlightMax: 1 }).online(5);
		expect(bench.session.publish("t", "x", 2, false, 7)).toBe(true);
		expect(bench.session.publish("t", "y", 1, false, 8)).toBe(false);
		bench.receive("50 02 00 01");
		expect(bench.handler.take()).toEqual(["acknowledged 7 taken"]);
		bench.receive("50 02 00 01"); // PUBREC again: PUBREL again
		expect(bench.session.publish("t", "y", 1, false, 8)).toBe(false);
		bench.receive("70 02 00 01");
		expect(bench.handler.take()).toEqual(["room"]);
		expect(bench.stream.take()).toEqual([h('34 07 00 01 "t" 00 01 00 "x"'), "62 02 00 01", "62 02 00 01"]);
		expect(bench.session.publish("t", "y", 1, false, 8)).toBe(true);
	});

	it("ends with a PUBREC that refuses [MQTT-4.3.3-4]", () => {
		const bench = new Bench().online(5);
		bench.session.publish("t", "x", 2, false, 7);
		bench.stream.take();
		bench.receive("50 03 00 01 97");
		expect(bench.handler.take()).toEqual(["acknowledged 7 The broker refused the message: a quota is used up"]);
		expect(bench.stream.take()).toEqual([]);
		bench.receive("50 03 00 01 97"); // not known and refused: nothing to say
		expect(bench.stream.take()).toEqual([]);
	});

	it("is not acknowledged with the packet of another QoS", () => {
		for (const [qos, packet] of [
			[1, "50 02 00 01"],
			[1, "70 02 00 01"],
			[2, "40 02 00 01"],
			[2, "70 02 00 01"],
		] as const) {
			const bench = published(qos, 1).receive(packet);
			expect(bench.handler.ends[0]?.reason).toMatch(/that nobody waits for$/);
		}
	});

	it("lets a PUBCOMP for what is not known pass (MQTT 5 §3.7.2.1)", () => {
		expect(new Bench().online(5).receive("70 04 00 05 92 00").session.state).toBe("online");
	});

	it("gives the server 30 s for PUBREC, and 30 s more for PUBCOMP", () => {
		const bench = published(2, 1).pass(29_999).receive("50 02 00 01").pass(29_999);
		expect(bench.session.state).toBe("online");
		bench.pass(1);
		expect(bench.handler.ends).toEqual([
			{ kind: "network", reason: "The broker did not acknowledge a message within 30 s" },
		]);
	});

	it("becomes QoS 1 where the server knows no more [MQTT-3.2.2-11]", () => {
		const bench = new Bench().online(5, "20 05 00 00 02 24 01");
		bench.session.publish("t", "", 2, false, 7);
		expect(bench.stream.take()).toEqual([h('32 06 00 01 "t" 00 01 00')]);
		bench.receive("40 02 00 01");
		expect(bench.handler.take()).toEqual(["acknowledged 7 taken"]);
	});

	it("sends nothing twice under one token", () => {
		const bench = published(2, 1);
		expect(bench.session.publish("t", "1", 2, false, 1)).toBe(true);
		expect(bench.stream.take()).toEqual([]);
	});
});

describe("a session that the server kept (§4.4)", () => {
	it("goes on with the same identifiers, marked as sent before, in the old order [MQTT-4.4.0-1, MQTT-3.3.1-1]", () => {
		const bench = published(1, 3).receive("40 02 00 02");
		reconnect(bench, PRESENT);
		expect(bench.handler.take()).toEqual(["online true", "resend 1", "resend 3"]);
		expect(bench.stream.take()).toEqual([h('3a 07 00 01 "t" 00 01 00 "1"'), h('3a 07 00 01 "t" 00 03 00 "3"')]);
		bench.receive("40 02 00 01 40 02 00 03");
		expect(bench.handler.take()).toEqual(["acknowledged 1 taken", "acknowledged 3 taken"]);
	});

	it("sends no message again whose PUBREC came, only PUBREL [MQTT-4.3.3-6]", () => {
		const bench = published(2, 3).receive("50 02 00 01");
		reconnect(bench, PRESENT);
		expect(bench.stream.take()).toEqual([
			h('3d 07 00 01 "t" 00 02 00 "2"'),
			h('3c 07 00 01 "t" 00 03 00 "3"'),
			"62 02 00 01",
		]);
		expect(bench.handler.take()).toEqual(["online true", "resend 2", "resend 3"]);
	});

	it("lets nothing new pass what is sent again", () => {
		const bench = published(1, 2);
		bench.session.onClose("gone");
		bench.open(5);
		const { handler } = bench;
		handler.onOnline = () => {
			expect(bench.session.publish("t", "new", 1, false, 9)).toBe(false);
		};
		handler.take();
		bench.stream.take();
		bench.receive(PRESENT);
		expect(handler.take()).toEqual(["resend 1", "resend 2", "room"]);
		expect(bench.stream.take().length).toBe(2);
	});

	it("keeps to the window of the new connection, and to the room in its stream", () => {
		const bench = published(1, 3);
		reconnect(bench, "20 06 01 00 03 21 00 01");
		expect(bench.stream.take()).toEqual([h('3a 07 00 01 "t" 00 01 00 "1"')]);
		bench.receive("40 02 00 01");
		expect(bench.stream.take()).toEqual([h('3b 07 00 01 "t" 00 02 00 "2"')]);
		bench.stream.room = 0;
		bench.receive("40 02 00 02");
		expect(bench.stream.take()).toEqual([]);
		bench.stream.room = 9;
		bench.session.onWritable();
		expect(bench.stream.take()).toEqual([h('3a 07 00 01 "t" 00 03 00 "3"')]);
	});

	it("lets go of what its owner has no more", () => {
		const one = published(1, 2);
		one.handler.owned.delete(1);
		reconnect(one, PRESENT);
		expect(one.stream.take()).toEqual([h('3b 07 00 01 "t" 00 02 00 "2"')]);
		const two = published(2, 2);
		two.handler.owned.delete(1);
		reconnect(two, PRESENT);
		expect(two.stream.take()).toEqual(["62 02 00 01", h('3d 07 00 01 "t" 00 02 00 "2"')]);
		two.receive("70 04 00 01 92 00");
		expect(two.session.state).toBe("online");
	});

	it("goes on when the owner fails, who hears of it", () => {
		const bench = published(1, 2);
		const { onResend } = bench.handler;
		bench.handler.onResend = (token) => {
			if (token === 1) throw new Error("in the handler");
			return onResend.call(bench.handler, token);
		};
		expect(() => reconnect(bench, PRESENT)).toThrow("in the handler");
		expect(bench.stream.take()).toEqual([h('3b 07 00 01 "t" 00 02 00 "2"')]);
	});

	it("tells the owner what the server takes no more", () => {
		const bench = published(1, 2);
		bench.handler.owned.set(1, { topic: "t", payload: "x".repeat(50), retain: false });
		reconnect(bench, "20 08 01 00 05 27 00 00 00 14");
		expect(bench.handler.take()).toEqual([
			"online true",
			"resend 1",
			"acknowledged 1 A message to t is larger than the 20 bytes that can be sent",
			"resend 2",
		]);
	});

	it("has its deadlines again on every connection", () => {
		const bench = published(1, 1).pass(20_000);
		reconnect(bench, PRESENT).receive("d0 00");
		expect(bench.pass(29_999).session.state).toBe("online");
		expect(bench.pass(1).session.state).toBe("closed");
	});

	it("may end while it resumes, by the owner's own hand", () => {
		const bench = published(1, 3);
		bench.handler.onResend = () => {
			bench.session.close();
			return undefined;
		};
		reconnect(bench, PRESENT);
		expect(bench.stream.take()).toEqual(["e0 02 00 00"]);
	});
});

describe("a session that the server did not keep", () => {
	it("begins anew: nothing is sent again, and its owner knows [MQTT-3.2.2-5]", () => {
		const bench = published(2, 2);
		reconnect(bench, ABSENT);
		expect(bench.handler.take()).toEqual(["online false"]);
		expect(bench.stream.take()).toEqual([]);
		expect(bench.session.publish("t", "1", 2, false, 1)).toBe(true);
		expect(bench.stream.take()).toEqual([h('34 07 00 01 "t" 00 03 00 "1"')]); // not marked as sent before
	});
});

describe("what is kept before a packet goes out", () => {
	it("is the identifier and token before PUBLISH, and nothing more: the owner notes the rest before PUBREL", () => {
		const store = new ScriptedStore();
		const bench = new Bench(LASTING, store).online(5);
		expect(store.take()).toEqual(["1;;;dev"]);
		store.before = () => expect(bench.stream.written).toEqual([]);
		bench.session.publish("t", "", 2, false, 77);
		bench.stream.take();
		const { onAcknowledged } = bench.handler;
		bench.handler.onAcknowledged = (...told) => {
			expect(bench.stream.written).toEqual([]);
			onAcknowledged.apply(bench.handler, told);
		};
		bench.receive("50 02 00 01").receive("70 02 00 01");
		expect(bench.handler.take()).toEqual(["acknowledged 77 taken"]);
		expect(store.take()).toEqual(["1;1,77,2;;dev"]);
	});

	it("tells after a restart which message is on its way, and whether it is done, by its owner having it no more", () => {
		for (const owned of [true, false]) {
			const store = new ScriptedStore();
			const before = published(2, 1, store);
			if (!owned) before.handler.owned.delete(1);
			const after = new Bench(LASTING, store);
			for (const [token, message] of before.handler.owned) after.handler.owned.set(token, message);
			expect(after.open(5).stream.take()[0]?.slice(0, 29)).toBe(h('10 1d 00 04 "MQTT" 05 00')); // no Clean Start
			after.receive(PRESENT);
			expect(after.stream.take()).toEqual([owned ? h('3c 07 00 01 "t" 00 01 00 "1"') : "62 02 00 01"]);
		}
	});

	it("is nothing for QoS 0 and 1, and nothing when a connection comes back", () => {
		const store = new ScriptedStore();
		const bench = published(1, 2, store);
		bench.session.publish("t", "", 0, false, 9);
		bench.receive("40 02 00 01");
		reconnect(bench, PRESENT);
		expect(store.take()).toEqual(["1;;;dev"]);
	});

	it("is counted where it fails, and the message goes all the same", () => {
		const store = new ScriptedStore();
		const bench = new Bench(LASTING, store).online(5);
		store.before = () => {
			throw new Error("flash is worn out");
		};
		expect(bench.session.publish("t", "", 2, false, 77)).toBe(true);
		expect(bench.session.storeFailures).toBe(1);
		expect(bench.stream.take().length).toBe(1);
	});
});
