import { beforeEach, describe, expect, it } from "vitest";
import { Link } from "../../firmware/net/link.js";
import type { BrokerAddress, LinkSession } from "../../firmware/net/types.js";
import type { Stream } from "../../firmware/ports/network.js";
import { Scheduler } from "../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../virtual/board.js";
import type { Connection } from "../virtual/internet.js";
import { SntpServer } from "../virtual/sntp-server.js";

const ROOTS = [new Uint8Array([1])];
const TLS: BrokerAddress = { host: "broker.test", port: 8883, tls: { roots: ROOTS } };
const PLAIN: BrokerAddress = { host: "broker.test", port: 1883 };

/** A session that is online as soon as its stream is open. */
class FakeSession implements LinkSession {
	link: Link | undefined;
	stream: Stream | undefined;
	readonly versions: number[] = [];
	/** Takes the connection and never says a word. */
	silent = false;

	open(stream: Stream, version: 4 | 5): void {
		this.stream = stream;
		this.versions.push(version);
	}

	close(): void {
		this.stream?.close();
		this.stream = undefined;
	}

	onOpen(): void {
		if (!this.silent) this.link?.online();
	}

	onData(): void {}
	onWritable(): void {}

	onClose(reason: string): void {
		this.stream = undefined;
		this.link?.ended({ kind: "network", reason });
	}
}

class Rig {
	readonly board = new VirtualBoard();
	readonly session = new FakeSession();
	readonly connections: Connection[] = [];
	readonly panics: string[] = [];
	/** Every state entered, with its time and the last error. */
	readonly history: { atMs: number; state: string; error: string | undefined }[] = [];
	readonly link: Link;
	readonly time: SntpServer;
	private readonly scheduler: Scheduler;

	constructor(broker: BrokerAddress = TLS) {
		const { board, session } = this;
		board.internet.names.set("broker.test", "10.0.0.1").set("time.test", "10.0.0.2");
		this.time = new SntpServer(board.internet, "10.0.0.2");
		this.listen();
		this.scheduler = new Scheduler(board, { onPanic: (where, error) => this.panics.push(`${where}: ${error}`) });
		this.link = new Link(board, session, broker, "time.test", { onLink: () => this.note() });
		session.link = this.link;
		this.scheduler.add(this.link);
		this.scheduler.add(this.link.sntp);
	}

	listen(names: readonly string[] = ["broker.test"]): void {
		const accept = (connection: Connection) => {
			this.connections.push(connection);
			return { onData: () => undefined, onClose: () => undefined };
		};
		this.board.internet.server("10.0.0.1", 8883)?.stop();
		this.board.internet.server("10.0.0.1", 1883)?.stop();
		this.board.internet.listen("10.0.0.1", 8883, accept, names);
		this.board.internet.listen("10.0.0.1", 1883, accept);
	}

	start(ms = 5_000): this {
		try {
			this.link.start();
		} finally {
			this.scheduler.settle();
		}
		this.board.world.advance(ms);
		return this;
	}

	/** As the platform would call it. */
	call(run: () => void): void {
		run();
		this.scheduler.settle();
	}

	note(): void {
		this.history.push({ atMs: this.board.world.nowMs, state: this.link.state, error: this.link.lastError });
	}

	get states(): string[] {
		return this.history.map(({ state }) => state);
	}

	/** How long each pause lasted, milliseconds. */
	get pauses(): number[] {
		return this.history.flatMap(({ state, atMs }, i) => {
			const next = this.history[i + 1];
			return state === "waiting" && next !== undefined ? [next.atMs - atMs] : [];
		});
	}
}

let rig: Rig;
beforeEach(() => {
	rig = new Rig();
});

describe("coming online", () => {
	it("passes every stage once, with the certificate asked for the broker's name", () => {
		rig.start();
		expect(rig.states.filter((state, i, all) => state !== all[i - 1])).toEqual([
			"network",
			"time",
			"name",
			"connecting",
			"online",
		]);
		expect(rig.link).toMatchObject({ connects: 1, failures: 0, lastError: undefined, version: 5 });
		expect(rig.board.network.streams[0]?.options).toEqual({
			address: "10.0.0.1",
			port: 8883,
			tls: { serverName: "broker.test", roots: ROOTS },
		});
	});

	it("leaves the time out when the board knows it", () => {
		rig.board.clock.setWallMs(rig.board.world.trueMs);
		rig.start();
		expect(rig.states).not.toContain("time");
		expect(rig.link.state).toBe("online");
		expect(rig.time.requests).toBe(0);
		rig.board.world.advance(86_400_000);
		expect(rig.time.requests).toBe(1); // crystals drift
	});

	it("needs no name server for an address", () => {
		rig = new Rig({ ...PLAIN, host: "10.0.0.1" });
		rig.start();
		expect(rig.link.state).toBe("online");
		expect(rig.states).toContain("name");
	});

	it("says why the network does not come up at all, and forgets it when it does", () => {
		rig.board.network.cut("wrong password");
		rig.start();
		expect(rig.link).toMatchObject({ state: "network", lastError: "wrong password", failures: 0 });
		rig.board.network.restore();
		rig.board.world.advance(5_000);
		expect(rig.link).toMatchObject({ state: "online", lastError: undefined });
	});
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
			"the time server time.test gave no answer",
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

	it("connecting: nobody listens", () => {
		expect(failure(5_000, ({ internet }) => internet.server("10.0.0.1", 8883)?.stop())).toBe(
			"nobody listens there (connection refused)",
		);
	});

	it("connecting: no answer", () => {
		expect(failure(40_000, ({ internet }) => internet.blackHoles.add("10.0.0.1"))).toBe(
			"the broker did not answer: no connection after 30 s",
		);
		expect(rig.board.network.streams.filter(({ isOver }) => !isOver).length).toBeLessThanOrEqual(1);
	});

	it("connecting: connected, and then silence", () => {
		rig.session.silent = true;
		expect(failure(40_000, () => undefined)).toBe("the broker did not answer: no connection after 30 s");
	});

	it("connecting: a certificate for somebody else", () => {
		expect(failure(5_000, () => rig.listen(["evil.test"]))).toBe(
			'TLS refused: its certificate is not for "broker.test"',
		);
	});

	it("connecting: the board has no socket", () => {
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
		expect(rig.history.find(({ state }) => state === "waiting")?.error).toBe("the network cannot be started: no radio");
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

describe("without a time server", () => {
	it("plain TCP goes online all the same, and the time is set when it can be", () => {
		rig = new Rig(PLAIN);
		rig.board.internet.names.delete("time.test");
		rig.start();
		expect(rig.link).toMatchObject({
			state: "online",
			lastError: "the name time.test of the time server was not found",
		});
		expect(rig.board.clock.wallMs()).toBeUndefined();
		rig.board.internet.names.set("time.test", "10.0.0.2");
		rig.board.world.advance(600_000);
		expect(rig.board.clock.wallMs()).toBeDefined();
		expect(rig.link).toMatchObject({ state: "online", connects: 1 });
	});

	it("plain TCP does not wait for it again at every connection", () => {
		rig = new Rig(PLAIN);
		rig.board.internet.blackHoles.add("10.0.0.2");
		rig.start(20_000);
		expect(rig.link.state).toBe("online");
		const asked = rig.states.filter((state) => state === "time").length;
		rig.board.network.streams[0]?.reset();
		rig.board.world.advance(5_000);
		expect(rig.link).toMatchObject({ state: "online", connects: 2 });
		expect(rig.states.filter((state) => state === "time")).toHaveLength(asked);
	});
});

describe("versions", () => {
	it("asks again at once in 3.1.1 when the server does not know MQTT 5, and stays with it", () => {
		rig.session.silent = true;
		rig.start();
		rig.session.silent = false;
		rig.call(() => rig.link.ended({ kind: "version", reason: "too new" }));
		rig.board.world.advance(1_000);
		expect(rig.session.versions).toEqual([5, 4]);
		expect(rig.link).toMatchObject({ state: "online", version: 4, lastError: "too new", failures: 0 });
		expect(rig.pauses).toEqual([]);
	});

	it("pauses, and begins anew with MQTT 5, when the server knows neither", () => {
		rig.session.silent = true;
		rig.start();
		rig.call(() => rig.link.ended({ kind: "version", reason: "too new" }));
		rig.board.world.advance(500);
		rig.call(() => rig.link.ended({ kind: "version", reason: "too old" }));
		expect(rig.link).toMatchObject({ state: "waiting", version: 5, lastError: "too old" });
	});
});

describe("pausing", () => {
	it("takes longer and longer while the broker is away, at random, up to two minutes", () => {
		rig.board.internet.server("10.0.0.1", 8883)?.stop();
		rig.start(3_600_000);
		expect(rig.pauses.length).toBeGreaterThan(30);
		expect(Math.min(...rig.pauses)).toBeGreaterThanOrEqual(1_000);
		expect(rig.pauses[0]).toBeLessThan(2_000);
		expect(Math.max(...rig.pauses)).toBeGreaterThan(90_000);
		expect(Math.max(...rig.pauses)).toBeLessThan(120_000);
		expect(new Set(rig.pauses).size).toBeGreaterThan(rig.pauses.length - 3);
	});

	it("goes to the ceiling at once when the credentials are refused", () => {
		const pauses: number[] = [];
		for (let i = 0; i < 40; i++) {
			rig.start(i === 0 ? 5_000 : 0);
			rig.call(() => rig.link.ended({ kind: "credentials", reason: "who are you" }));
			pauses.push(rig.link.dueMs - rig.board.clock.monotonicMs());
			rig.board.world.until(() => rig.link.state === "online", 130_000, 100);
		}
		expect(Math.max(...pauses)).toBeGreaterThan(90_000);
		expect(pauses.reduce((a, b) => a + b) / pauses.length).toBeGreaterThan(40_000);
	});

	it("starts from the beginning only after a connection that lasted 30 s", () => {
		rig.start();
		for (let i = 0; i < 10; i++) {
			rig.board.network.streams.at(-1)?.reset();
			rig.board.world.until(() => rig.link.state === "online", 130_000, 10);
		}
		expect(Math.max(...rig.pauses)).toBeGreaterThan(20_000);
		rig.board.world.advance(29_000);
		rig.board.network.streams.at(-1)?.reset();
		rig.board.world.until(() => rig.link.state === "online", 130_000, 10);
		rig.board.world.advance(31_000);
		rig.board.network.streams.at(-1)?.reset();
		rig.board.world.until(() => rig.link.state === "online", 130_000, 10);
		expect(rig.pauses.at(-1)).toBeLessThan(2_000);
	});

	it("forgets earlier failures also when a good connection ends with the network itself", () => {
		rig.start();
		for (let day = 0; day < 12; day++) {
			rig.board.world.advance(3_600_000);
			rig.board.network.cut();
			rig.board.world.advance(1_000);
			rig.board.network.restore();
			expect(rig.board.world.until(() => rig.link.state === "online", 5_000, 10)).toBe(true);
		}
	});
});

describe("losing the network", () => {
	it("says so, closes everything, and pauses at random before it comes back", () => {
		rig.start();
		rig.board.network.cut("beacon lost");
		expect(rig.link).toMatchObject({ state: "network", lastError: "the network is gone: beacon lost", failures: 1 });
		expect(rig.session.stream).toBeUndefined();
		rig.board.world.advance(3_600_000);
		expect(rig.link.state).toBe("network");
		rig.board.network.restore();
		rig.board.world.advance(10_000);
		expect(rig.link).toMatchObject({ state: "online", connects: 2 });
		expect(rig.pauses).toHaveLength(1);
	});

	it.each(["time", "name", "connecting", "waiting", "online"])("in the state %s comes back all the same", (state) => {
		if (state === "waiting") rig.board.internet.names.delete("broker.test");
		rig.start(0);
		expect(rig.board.world.until(() => rig.link.state === state, 60_000, 1)).toBe(true);
		rig.board.network.cut();
		expect(rig.link.state).toBe("network");
		rig.board.internet.names.set("broker.test", "10.0.0.1");
		rig.board.world.advance(20_000);
		rig.board.network.restore();
		rig.board.world.advance(30_000);
		expect(rig.link.state).toBe("online");
		expect(rig.panics).toEqual([]);
	});
});

describe("whatever goes wrong around it", () => {
	it("goes on when its handler throws, in any state", () => {
		for (let nth = 1; nth < 8; nth++) {
			rig = new Rig();
			let calls = 0;
			rig.note = () => {
				if (++calls === nth) throw new Error("handler");
			};
			try {
				rig.start(0);
			} catch {
				// thrown where the owner called
			}
			rig.board.world.advance(200_000);
			expect([nth, rig.link.state]).toEqual([nth, "online"]);
		}
	});

	it("goes on when the session does not close", () => {
		rig.start();
		rig.session.close = () => {
			throw new Error("stuck");
		};
		rig.board.network.cut();
		expect(rig.link.state).toBe("network");
	});

	it("hears nothing any more once it is stopped", () => {
		rig.start(150); // in the middle of joining
		rig.call(() => rig.link.stop());
		rig.board.world.advance(60_000);
		expect(rig.link).toMatchObject({ state: "off", connects: 0, dueMs: Number.POSITIVE_INFINITY });
		rig.call(() => rig.link.onResolved("broker.test", "10.0.0.1"));
		rig.call(() => rig.link.onTime(undefined));
		expect(rig.link.state).toBe("off");
	});

	it("takes a late answer of the name server for nothing", () => {
		rig.start();
		rig.call(() => rig.link.onResolved("broker.test", undefined));
		rig.call(() => rig.link.onTime("no time"));
		expect(rig.link).toMatchObject({ state: "online", failures: 0 });
	});
});
