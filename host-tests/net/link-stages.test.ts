import { beforeEach, describe, expect, it } from "vitest";
import type { VirtualBoard } from "../virtual/board.js";
import { LinkRig } from "./link-rig.js";

let rig: LinkRig;
beforeEach(() => {
	rig = new LinkRig();
});

describe("each stage that fails", () => {
	function failure(ms: number, prepare: (board: VirtualBoard) => void): string | undefined {
		prepare(rig.board);
		rig.start(ms);
		expect(rig.link.connects).toBe(0);
		expect(rig.link.failures).toBeGreaterThan(0);
		return rig.history.find(({ state }) => state === "waiting")?.error;
	}

	it("time: no server of that name", () => {
		expect(failure(5_000, ({ internet }) => internet.names.delete("time.test"))).toBe(
			"the name time.test of the time server was not found",
		);
	});

	it("time: no answer", () => {
		expect(failure(20_000, ({ internet }) => internet.blackHoles.add("10.0.0.2"))).toBe(
			'the time server time.test gave no answer (is UDP port 123 closed? set "timeServer" to a server that can be reached)',
		);
	});

	it("name: not found", () => {
		expect(failure(5_000, ({ internet }) => internet.names.delete("broker.test"))).toBe(
			"the name broker.test was not found",
		);
	});

	it("name: no answer", () => {
		expect(
			failure(20_000, ({ network, clock, world }) => {
				clock.setWallMs(world.trueMs);
				network.resolve = () => undefined;
			}),
		).toBe("no answer when looking up the name broker.test");
	});

	it("name: the board cannot ask", () => {
		expect(
			failure(5_000, ({ network, clock, world }) => {
				clock.setWallMs(world.trueMs);
				network.resolve = () => {
					throw new Error("out of memory");
				};
			}),
		).toBe("the name broker.test cannot be looked up: out of memory");
	});

	it("tcp: nobody listens", () => {
		expect(failure(5_000, ({ internet }) => internet.server("10.0.0.1", 8883)?.stop())).toBe(
			"no connection to broker.test, port 8883: nobody listens there (connection refused)",
		);
	});

	it("tcp: no answer", () => {
		expect(failure(40_000, ({ internet }) => internet.blackHoles.add("10.0.0.1"))).toBe(
			"broker.test, port 8883, does not answer: no connection within 20 s",
		);
		expect(rig.board.network.streams.filter(({ isOver }) => !isOver).length).toBeLessThanOrEqual(1);
	});

	it("mqtt: connected, and then silence", () => {
		rig.session.silent = true;
		expect(failure(40_000, () => undefined)).toBe(
			"the broker broker.test took the connection and then said nothing for 30 s",
		);
	});

	it("tls: a certificate for somebody else", () => {
		expect(failure(5_000, () => rig.listen(["evil.test"]))).toBe(
			'no connection to broker.test, port 8883: TLS refused: its certificate is not for "broker.test"',
		);
	});

	it("tcp: the board has no socket", () => {
		expect(
			failure(5_000, ({ network }) => {
				network.connect = () => {
					throw new Error("no sockets left");
				};
			}),
		).toBe("no sockets left");
	});

	it("network: it cannot be started, and is started again", () => {
		const { start } = rig.board.network;
		let failures = 2;
		rig.board.network.start = (handler) => {
			if (failures-- > 0) throw new Error("no radio");
			start.call(rig.board.network, handler);
		};
		rig.start(60_000);
		expect(rig.history.find(({ error }) => error !== undefined)?.error).toBe("the network cannot be started: no radio");
		expect(rig.link).toMatchObject({ state: "online", failures: 2 });
	});

	it("comes online by itself once what was wrong is over", () => {
		failure(300_000, ({ internet }) => internet.names.delete("broker.test"));
		rig.board.internet.names.set("broker.test", "10.0.0.1");
		rig.board.world.advance(125_000);
		expect(rig.link.state).toBe("online");
		expect(rig.panics).toEqual([]);
	});
});

describe("losing the network", () => {
	it("says so, closes everything, and pauses at random before it comes back", () => {
		rig.start();
		rig.board.network.cut("beacon lost");
		expect(rig.link).toMatchObject({ state: "network", lastError: "the network is gone: beacon lost", failures: 1 });
		expect(rig.session.stream).toBeUndefined();
		rig.board.world.advance(3_600_000);
		expect(rig.link).toMatchObject({ state: "network", lastError: "beacon lost", connects: 1 });
		rig.board.network.restore();
		rig.board.world.advance(10_000);
		expect(rig.link).toMatchObject({ state: "online", connects: 2 });
		expect(rig.pauses).toHaveLength(1);
	});

	it.each(["time", "name", "tcp", "tls", "mqtt", "waiting", "online"])(
		"in the state %s comes back all the same",
		(state) => {
			if (state === "mqtt") rig.session.silent = true;
			if (state === "waiting") rig.board.internet.names.delete("broker.test");
			rig.start(0);
			expect(rig.board.world.until(() => rig.link.state === state, 60_000, 1)).toBe(true);
			rig.board.network.cut();
			expect(rig.link.state).toBe("network");
			rig.session.silent = false;
			rig.board.internet.names.set("broker.test", "10.0.0.1");
			rig.board.world.advance(20_000);
			rig.board.network.restore();
			rig.board.world.advance(30_000);
			expect(rig.link.state).toBe("online");
			expect(rig.panics).toEqual([]);
		},
	);
});
