import { beforeEach, describe, expect, it } from "vitest";
import { Names } from "../../firmware/net/names.js";
import { Sntp } from "../../firmware/net/sntp.js";
import type { Udp, UdpHandler } from "../../firmware/ports/network.js";
import { Scheduler } from "../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../virtual/board.js";
import { SntpServer } from "../virtual/sntp-server.js";
import { exchange } from "./ntp-exchange.js";

const SERVER = "10.0.0.2";
const OTHER = "10.0.0.3";
const CLOSED = ' (is UDP port 123 closed? set "timeServer" to a server that can be reached)';

describe("asking for the time", () => {
	let board: VirtualBoard;
	let server: SntpServer;
	let told: (string | undefined)[];
	let sntp: Sntp;
	let floor: { earliestMs: number };
	let scheduler: Scheduler;

	function prepare(...servers: readonly string[]): void {
		const asked = servers.length === 0 ? [SERVER] : servers;
		sntp = new Sntp(asked, { board, names: new Names(), floor, onTime: (failure) => told.push(failure) });
		scheduler = new Scheduler(board, { onPanic: (_, error) => told.push(`panic: ${error}`) });
		scheduler.add(sntp);
		board.network.start({ onNetwork: () => undefined });
		board.world.advance(1_000);
		again();
	}

	function again(): void {
		sntp.start(board.clock.monotonicMs());
		scheduler.settle();
	}

	beforeEach(() => {
		board = new VirtualBoard();
		server = new SntpServer(board.internet, SERVER);
		told = [];
		floor = { earliestMs: 0 };
	});

	it("sets the clock, and asks again a day later", () => {
		prepare();
		board.world.advance(1_000);
		expect(told).toEqual([undefined]);
		expect(Math.abs((board.clock.wallMs() as number) - board.world.trueMs)).toBeLessThan(50);
		board.clock.step(-3_000);
		board.world.advance(86_400_000);
		expect(told).toEqual([undefined, undefined]);
		expect(server.requests).toBe(2);
		expect(Math.abs((board.clock.wallMs() as number) - board.world.trueMs)).toBeLessThan(50);
	});

	it("looks the name up first", () => {
		board.internet.names.set("time.test", SERVER);
		prepare("time.test");
		board.world.advance(1_000);
		expect(told).toEqual([undefined]);
	});

	it("says that the name was not found, and asks again in ten minutes", () => {
		prepare("time.test");
		board.world.advance(1_000);
		expect(told).toEqual(["the name time.test of the time server was not found"]);
		expect(sntp.failed).toBe(true);
		board.internet.names.set("time.test", SERVER);
		board.world.advance(600_000);
		expect(told.at(-1)).toBeUndefined();
		expect(sntp.failed).toBe(false);
	});

	it("does not wait for a name for ever", () => {
		board.network.resolve = () => undefined;
		prepare("time.test");
		board.world.advance(16_000);
		expect(told).toEqual(["no answer when looking up the name time.test of the time server"]);
	});

	it("asks twice, each time with another random number", () => {
		const asked = new Set<string>();
		board.internet.listenUdp(SERVER, 123, (bytes) => asked.add(bytes.slice(40).join()));
		prepare();
		board.world.advance(10_000);
		expect(told).toEqual([`the time server ${SERVER} gave no answer${CLOSED}`]);
		expect(asked.size).toBe(2);
	});

	it("goes on waiting when somebody sends nonsense, and takes the honest answer", () => {
		board.internet.listenUdp(SERVER, 123, (request, reply) => {
			reply(new Uint8Array(48));
			reply(new Uint8Array(3));
			const good = exchange(board.world.trueMs).reply;
			good.set(request.subarray(40, 48), 24);
			reply(good);
		});
		prepare();
		board.world.advance(1_000);
		expect(told).toEqual([undefined]);
	});

	it("says that the answers made no sense", () => {
		server.stratum = 16;
		prepare();
		board.world.advance(10_000);
		expect(told).toEqual([`the time server ${SERVER} gave an answer that makes no sense`]);
		expect(board.clock.wallMs()).toBeUndefined();
	});

	it("takes an answer only from whom it asked", () => {
		let handler: UdpHandler | undefined;
		let request = new Uint8Array();
		board.network.udp = (each) => {
			handler = each;
			const write = (bytes: Uint8Array) => {
				request = bytes.slice();
			};
			return { write, close: () => undefined } as Udp;
		};
		prepare();
		const good = exchange().reply;
		good.set(request.subarray(40, 48), 24);
		handler?.onDatagram(good, 48, "10.6.6.6", 123);
		handler?.onDatagram(good, 48, SERVER, 124);
		expect(told).toEqual([]);
		handler?.onDatagram(good, 48, SERVER, 123);
		expect(told).toEqual([undefined]);
		handler?.onDatagram(good, 48, SERVER, 123);
		expect(told).toEqual([undefined]);
	});

	it("says so when the board cannot ask", () => {
		board.network.udp = () => {
			throw new Error("no sockets left");
		};
		prepare();
		expect(told).toEqual([`the time server ${SERVER} cannot be asked: no sockets left`]);
	});

	it("tries again when the network does not take the question", () => {
		const { udp } = board.network;
		let failures = 1;
		board.network.udp = (handler) => {
			const inner = udp.call(board.network, handler);
			return {
				close: () => inner.close(),
				write(bytes, address, port) {
					if (failures-- > 0) throw new Error("unreachable");
					inner.write(bytes, address, port);
				},
			};
		};
		prepare();
		board.world.advance(5_000);
		expect(told).toEqual([undefined]);
	});

	it("tells nothing once it was closed", () => {
		prepare();
		sntp.close();
		board.world.advance(20_000);
		expect(told).toEqual([]);
		expect(sntp.dueMs).toBeGreaterThan(board.clock.monotonicMs());
	});

	it("goes from one server to the next, and begins with the first the next day", () => {
		server.stratum = 16;
		const other = new SntpServer(board.internet, OTHER);
		prepare("gone.test", SERVER, OTHER);
		board.world.advance(10_000);
		expect(told).toEqual([undefined]);
		expect([server.requests, other.requests]).toEqual([2, 1]);
		server.stratum = 2;
		board.world.advance(86_400_000);
		expect([server.requests, other.requests]).toEqual([3, 1]);
	});

	it("tells of all of them when none answers", () => {
		board.internet.blackHoles.add(SERVER).add(OTHER);
		prepare(SERVER, OTHER);
		board.world.advance(20_000);
		expect(told).toEqual([
			`none of 2 time servers told the time; the last: the time server ${OTHER} gave no answer${CLOSED}`,
		]);
	});

	it("takes no time before the earliest one believed", () => {
		floor.earliestMs = board.world.trueMs + 10 * 86_400_000;
		prepare();
		board.world.advance(10_000);
		expect(told).toEqual([
			`the time server ${SERVER} tells a time that is long over (10 days before the last one known here)`,
		]);
		expect(board.clock.wallMs()).toBeUndefined();
	});

	it("takes half of the way there and back into account", () => {
		board.network.latencyMs = 400;
		prepare();
		board.world.advance(2_000);
		expect(Math.abs((board.clock.wallMs() as number) - board.world.trueMs)).toBeLessThan(5);
	});

	it.each(["DENY", "RSTR"])("never again asks a server that says %s", (code) => {
		server.stratum = 0;
		server.kiss = code;
		prepare();
		board.world.advance(1_000);
		expect(told).toEqual([`the time server ${SERVER} does not want to be asked`]);
		board.world.advance(3 * 86_400_000);
		expect(server.requests).toBe(1);
		expect(told.at(-1)).toBe("no time server may be asked now: they all asked to be left alone");
	});

	it("leaves a server alone for an hour that says RATE, and asks the others", () => {
		server.stratum = 0;
		server.kiss = "RATE";
		const other = new SntpServer(board.internet, OTHER);
		prepare(SERVER, OTHER);
		board.world.advance(1_000);
		expect(told).toEqual([undefined]);
		again();
		board.world.advance(3_590_000);
		expect([server.requests, other.requests]).toEqual([1, 2]);
		again();
		board.world.advance(20_000);
		again();
		board.world.advance(20_000);
		expect(server.requests).toBe(2);
	});

	it("falls back on the address that a name had when no name server answers", () => {
		board.internet.names.set("time.test", SERVER);
		prepare("time.test");
		board.world.advance(1_000);
		board.network.resolve = () => undefined;
		again();
		board.world.advance(20_000);
		expect(told).toEqual([undefined, undefined]);
	});
});
