import { beforeEach, describe, expect, it } from "vitest";
import type { StreamOptions } from "../../firmware/ports/network.js";
import { RecordingEntry } from "../contracts/entry.js";
import { RecordingHandler } from "../contracts/stream-bench.js";
import { VirtualBoard } from "./board.js";

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
		expect(states).toEqual(["joining: joining", "off: wrong password"]);
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
