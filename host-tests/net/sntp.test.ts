import { beforeEach, describe, expect, it } from "vitest";
import { EARLIEST_MS, readTime, Sntp } from "../../firmware/net/sntp.js";
import type { Udp, UdpHandler } from "../../firmware/ports/network.js";
import { Scheduler } from "../../firmware/runtime/scheduler.js";
import { VirtualBoard } from "../virtual/board.js";
import { SntpServer } from "../virtual/sntp-server.js";

const SERVER = "10.0.0.2";
const EPOCH_1900_S = 2_208_988_800;

/** A request and the reply of an honest server at `epochMs`. */
function exchange(epochMs = 1_790_000_000_250) {
	const request = new Uint8Array(48).map((_, i) => (i < 40 ? 0 : i));
	const reply = new Uint8Array(48);
	reply[0] = 0x24; // version 4, server
	reply[1] = 2;
	reply.set(request.subarray(40, 48), 24);
	const view = new DataView(reply.buffer);
	view.setUint32(40, (Math.floor(epochMs / 1_000) + EPOCH_1900_S) % 2 ** 32);
	view.setUint32(44, ((epochMs % 1_000) / 1_000) * 2 ** 32);
	return { request, reply, view };
}

function set(bytes: Uint8Array, at: number, value: number): undefined {
	bytes[at] = value;
}

describe("reading a reply", () => {
	it("takes an honest one, to the millisecond", () => {
		const { request, reply } = exchange();
		expect(readTime(reply, 48, request)).toBe(1_790_000_000_250);
	});

	it("goes on after the seconds of NTP have overflown in February 2036", () => {
		const last = Date.UTC(2036, 1, 7, 6, 28, 15, 500);
		for (const epochMs of [last, last + 1_000, Date.UTC(2040, 0, 1), Date.UTC(2100, 0, 1)]) {
			const { request, reply } = exchange(epochMs);
			expect(readTime(reply, 48, request)).toBe(epochMs);
		}
	});

	it.each<[string, (reply: Uint8Array, view: DataView) => number | undefined]>([
		["one that is too short", () => 47],
		["a request (mode 3)", (reply) => set(reply, 0, 0x23)],
		["a broadcast (mode 5)", (reply) => set(reply, 0, 0x25)],
		["a server that says it is not synchronised", (reply) => set(reply, 0, 0xe4)],
		["the kiss of death (stratum 0)", (reply) => set(reply, 1, 0)],
		["stratum 16", (reply) => set(reply, 1, 16)],
		["one that answers another request, by its first byte", (reply) => set(reply, 24, 99)],
		["one that answers another request, by its last byte", (reply) => set(reply, 31, 99)],
		["no time at all", (reply) => void reply.fill(0, 40)],
		[
			"a time before this code was written",
			(_, view) => void view.setUint32(40, EARLIEST_MS / 1_000 - 1 + EPOCH_1900_S),
		],
	])("refuses %s", (_, spoil) => {
		const { request, reply, view } = exchange();
		const count = spoil(reply, view) ?? 48;
		expect(readTime(reply, count, request)).toBeUndefined();
	});
});

describe("asking for the time", () => {
	let board: VirtualBoard;
	let server: SntpServer;
	let told: (string | undefined)[];
	let sntp: Sntp;

	function prepare(name = SERVER): void {
		sntp = new Sntp(board, name, { onTime: (failure) => told.push(failure) });
		const scheduler = new Scheduler(board, { onPanic: (_, error) => told.push(`panic: ${error}`) });
		scheduler.add(sntp);
		board.network.start({ onNetwork: () => undefined });
		board.world.advance(1_000);
		sntp.start(board.clock.monotonicMs());
		scheduler.settle();
	}

	beforeEach(() => {
		board = new VirtualBoard();
		server = new SntpServer(board.internet, SERVER);
		told = [];
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

	it("asks four times, each time with another random number", () => {
		const asked = new Set<string>();
		board.internet.listenUdp(SERVER, 123, (bytes) => asked.add(bytes.slice(40).join()));
		prepare();
		board.world.advance(10_000);
		expect(told).toEqual([`the time server ${SERVER} gave no answer`]);
		expect(asked.size).toBe(4);
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
		server.stratum = 0;
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
		let failures = 2;
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
});
