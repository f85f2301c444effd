import { beforeEach, describe, expect, it } from "vitest";
import type { StreamOptions } from "../../firmware/ports/network.js";
import { RecordingEntry } from "../contracts/entry.js";
import { RecordingHandler } from "../contracts/stream-bench.js";
import { VirtualBoard } from "./board.js";
import { SntpServer } from "./sntp-server.js";
import { World } from "./world.js";

const SERVER = { address: "10.0.0.1", port: 1_883 };

describe("VirtualNetwork", () => {
	let board: VirtualBoard;
	let entry: RecordingEntry;
	let states: string[];
	let heard: string[];

	beforeEach(() => {
		board = new VirtualBoard();
		entry = new RecordingEntry();
		states = [];
		heard = [];
		board.attach(entry);
		board.internet.listen(SERVER.address, SERVER.port, () => ({
			onData: (bytes, count) => heard.push(bytes.slice(0, count).join()),
			onClose: () => heard.push("closed"),
		}));
	});

	function start(): void {
		board.network.start({ onNetwork: () => states.push(`${board.network.state}: ${board.network.reason}`) });
		board.world.advance(1_000);
	}

	function dial(options: StreamOptions): {
		stream: ReturnType<typeof board.network.connect>;
		handler: RecordingHandler;
	} {
		const handler = new RecordingHandler();
		const stream = board.network.connect(options, handler);
		return { stream, handler };
	}

	it("comes up step by step, and says how far it is", () => {
		expect(board.network).toMatchObject({ state: "off", reason: "not started yet" });
		start();
		expect(states).toEqual(["joining: joining", "addressing: waiting for an address", "up: undefined"]);
	});

	it("says why it is down, and comes back by itself", () => {
		board.network.cut("wrong password");
		start();
		expect(states).toEqual(["joining: wrong password"]);
		const { handler } = dial(SERVER);
		board.world.advance(10);
		expect(handler.reasons).toEqual(["there is no network"]);
		board.network.restore();
		board.world.advance(1_000);
		expect(states.at(-1)).toBe("up: undefined");
	});

	it("delivers late what was on its way when the cable was pulled for a while", () => {
		start();
		const { stream, handler } = dial(SERVER);
		board.world.advance(100);
		board.network.cut();
		stream.write(Uint8Array.of(1, 2), 2);
		board.world.advance(30_000);
		expect(heard).toEqual([]);
		board.network.restore();
		board.world.advance(1_000);
		expect(heard).toEqual(["1,2"]);
		expect(handler.reasons).toEqual([]);
		stream.close();
		board.world.advance(100);
		expect(heard).toEqual(["1,2", "closed"]);
	});

	it("gives a connection up when nothing gets through for long", () => {
		start();
		const { stream, handler } = dial(SERVER);
		board.world.advance(100);
		board.network.cutSilently();
		expect(board.network.state).toBe("up");
		stream.write(Uint8Array.of(1), 1);
		board.world.advance(74_000);
		expect(handler.reasons).toEqual([]);
		board.world.advance(2_000);
		expect(handler.reasons).toEqual(["no answer"]);
	});

	it("gives up a connection that was never answered", () => {
		start();
		board.internet.blackHoles.add("10.0.0.66");
		const { handler } = dial({ address: "10.0.0.66", port: 1 });
		board.world.advance(76_000);
		expect(handler.reasons).toEqual(["no answer"]);
	});

	it("refuses every server that TLS has to refuse", () => {
		start();
		const tls = { serverName: "broker.test", roots: [Uint8Array.of(1)] };
		board.internet.listen("10.0.0.2", 8_883, () => ({ onData: () => undefined, onClose: () => undefined }), [
			"broker.test",
		]);
		const cases: [StreamOptions, string][] = [
			[{ ...SERVER, tls }, "TLS refused: the other side does not speak TLS at this port"],
			[{ address: "10.0.0.2", port: 8_883 }, "the other side closed the connection"],
			[
				{ address: "10.0.0.2", port: 8_883, tls: { ...tls, serverName: "x.test" } },
				'its certificate is not for "x.test"',
			],
			[{ address: "10.0.0.2", port: 8_883, tls: { ...tls, roots: [] } }, "authority that is not trusted here"],
		];
		for (const [options, reason] of cases) {
			const { handler } = dial(options);
			board.world.advance(1_000);
			expect(handler.reasons.join()).toContain(reason);
		}
		const { handler } = dial({ address: "10.0.0.2", port: 8_883, tls });
		board.world.advance(1_000);
		expect(handler.calls).toEqual(["onOpen"]);
	});

	it("takes no bytes before a connection is open, nor after its close", () => {
		start();
		const { stream } = dial(SERVER);
		expect(() => stream.write(Uint8Array.of(1), 1)).toThrow("write on a connection that is opening");
		board.world.advance(100);
		expect(() => stream.write(Uint8Array.of(1), 2)).toThrow("2 bytes of 1");
		stream.close();
		expect(() => stream.write(Uint8Array.of(1), 1)).toThrow("write on a connection that is closed");
	});

	it("overwrites the buffers that it lent", () => {
		board.internet.listen("10.0.0.3", 1, (connection) => {
			connection.send(Uint8Array.of(1, 2, 3));
			return { onData: () => undefined, onClose: () => undefined };
		});
		start();
		const kept: Uint8Array[] = [];
		const handler = new RecordingHandler();
		handler.onData = (bytes) => void kept.push(bytes);
		board.network.connect({ address: "10.0.0.3", port: 1 }, handler);
		board.world.advance(100);
		expect([...new Set(kept[0])]).toEqual([0xdd]);
	});

	it("looks names up, and cannot while it is cut", () => {
		start();
		board.internet.names.set("broker.test", "10.0.0.1");
		const found: (string | undefined)[] = [];
		const handler = { onResolved: (host: string, address: string | undefined) => found.push(`${host} ${address}`) };
		for (const host of ["broker.test", "nobody.test", "10.1.2.3"]) board.network.resolve(host, handler);
		expect(found).toEqual([]);
		board.world.advance(100);
		board.network.cutSilently();
		board.network.resolve("broker.test", handler);
		board.world.advance(16_000);
		expect(found).toEqual([
			"broker.test 10.0.0.1",
			"nobody.test undefined",
			"10.1.2.3 10.1.2.3",
			"broker.test undefined",
		]);
	});

	it("vanishes at a loss of power without a word to anybody", () => {
		start();
		dial(SERVER);
		board.network.resolve("broker.test", { onResolved: () => expect.unreachable() });
		board.reset("power");
		board.world.advance(100_000);
		expect(heard).toEqual([]);
		expect(board.network.state).toBe("off");
		board.attach(entry);
		start();
		expect(board.network.state).toBe("up");
	});
});

describe("VirtualUdp", () => {
	function ask(prepare: (board: VirtualBoard) => void, times = 1): number[] {
		const board = new VirtualBoard({ world: new World(5) });
		board.attach(new RecordingEntry());
		board.network.start({ onNetwork: () => undefined });
		board.world.advance(1_000);
		const server = new SntpServer(board.internet, "10.0.0.123");
		const answers: number[] = [];
		const udp = board.network.udp({
			onDatagram(bytes, count, address, port) {
				const seconds = new DataView(bytes.buffer).getUint32(40);
				answers.push(count, seconds - 2_208_988_800 - Math.floor(board.world.trueMs / 1_000));
				expect([address, port, (bytes[0] as number) & 7]).toEqual(["10.0.0.123", 123, 4]);
			},
		});
		prepare(board);
		for (let time = 0; time < times; time++) {
			const request = new Uint8Array(48).fill(7, 40);
			request[0] = 0x23; // version 4, mode 3: client
			udp.write(request, "10.0.0.123", 123);
			board.world.advance(1_000);
		}
		if (answers.length > 0) expect(server.requests).toBeGreaterThan(0);
		udp.close();
		expect(() => udp.write(new Uint8Array(1), "10.0.0.123", 123)).toThrow("the UDP port was closed");
		return answers;
	}

	it("carries datagrams both ways: the true date from a time server", () => {
		expect(ask(() => undefined)).toEqual([48, 0]);
	});

	it("loses them when told to, and in a silent cut", () => {
		expect(ask((board) => board.network.cutSilently())).toEqual([]);
		const answers = ask((board) => Object.assign(board.network, { datagramLoss: 0.5 }), 100).length / 2;
		expect(answers).toBeGreaterThan(10);
		expect(answers).toBeLessThan(40);
	});

	it("throws without a network", () => {
		expect(() => ask((board) => board.network.cut())).toThrow("there is no network");
	});
});
