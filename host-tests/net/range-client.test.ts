import { beforeEach, expect, it } from "vitest";
import { RangeClient, type RangeHandler } from "../../firmware/net/range-client.js";
import { VirtualBoard } from "../virtual/board.js";
import { FileServer } from "../virtual/file-server.js";

const FILE = Uint8Array.from({ length: 1_000 }, (_, at) => at);
const ROOTS = [new Uint8Array(1)];
const PLACE = { host: "files.test", port: 443, path: "/a?b=c" };

class Told implements RangeHandler {
	readonly all: string[] = [];
	onRange(bytes: Uint8Array, count: number): void {
		this.all.push(`${count} from ${bytes[0]}`);
	}
	onRangeFailed(reason: string): void {
		this.all.push(reason);
	}
}

let board: VirtualBoard;
let server: FileServer;
let told: Told;
let client: RangeClient;
const panics: string[] = [];
beforeEach(() => {
	panics.length = 0;
	board = new VirtualBoard();
	board.attach({ settle: () => undefined, panic: (where, error) => panics.push(`${where}: ${error}`) });
	board.network.start({ onNetwork: () => undefined });
	board.world.advance(1_000);
	server = new FileServer(board.internet, "10.0.0.3", "files.test", () => FILE);
	told = new Told();
	client = make(PLACE);
});

function make(place: typeof PLACE, roots = ROOTS): RangeClient {
	return new RangeClient(board, place, roots, 100, told);
}

function openStreams(): number {
	return board.network.streams.filter(({ isOver }) => !isOver).length;
}

/** Asks, and lets time pass. */
function ask(first: number, count = 100, ms = 2_000): string | undefined {
	client.ask({ first, count, total: 1_000 });
	for (let passed = 0; passed < ms; passed += 100) {
		board.world.advance(100);
		client.run(board.clock.monotonicMs());
	}
	expect(panics).toEqual([]);
	return told.all.at(-1);
}

it("fetches ranges over one connection, and asks for nothing more", () => {
	expect([ask(0), ask(200), ask(990, 10)]).toEqual(["100 from 0", "100 from 200", "10 from 222"]);
	expect(server.requests).toHaveLength(3);
	expect(server.requests[0]).toBe(
		"GET /a?b=c HTTP/1.1\r\nHost: files.test\r\nRange: bytes=0-99\r\nAccept-Encoding: identity\r\nUser-Agent: farpin\r\n\r\n",
	);
	expect(openStreams()).toBe(1);
	client.close();
	board.world.advance(1_000);
	expect([client.state, openStreams()]).toEqual(["closed", 0]);
});

it("opens another connection when the server ended the last, in good order or not", () => {
	server.answer = () =>
		"HTTP/1.1 206 OK\r\nConnection: close\r\nContent-Range: bytes 5-6/1000\r\nContent-Length: 2\r\n\r\nAB";
	expect(ask(5, 2)).toBe("2 from 65");
	expect(client.state).toBe("closed");
	server.answer = undefined;
	server.breaksAfter = 0;
	expect(ask(0)).toMatch(/^no connection to files.test, port 443: /);
	expect(ask(0)).toBe("100 from 0");
	board.network.streams[0]?.reset();
	expect(client.state).toBe("closed");
	expect(ask(0)).toBe("100 from 0");
	expect(told.all).toHaveLength(4);
});

it("gives up what nobody answers, and what nobody asks for any more", () => {
	server.answer = () => new Uint8Array(0);
	expect(ask(0, 100, 29_000)).toBeUndefined();
	expect(ask(0, 100, 62_000)).toBe("files.test does not answer");
	expect([client.state, openStreams()]).toEqual(["closed", 0]);
	server.answer = undefined;
	ask(0);
	board.world.advance(31_000);
	client.run(board.clock.monotonicMs());
	expect(client.state).toBe("closed");
});

it("tells nothing more once it is closed", () => {
	client.ask({ first: 0, count: 100, total: 1_000 });
	client.close();
	client.ask({ first: 100, count: 100, total: 1_000 });
	board.world.advance(15);
	client.close();
	board.world.advance(60_000);
	client.run(board.clock.monotonicMs());
	expect([told.all, panics, client.dueMs]).toEqual([[], [], Number.POSITIVE_INFINITY]);
});

it("says why it cannot get there", () => {
	client = make({ ...PLACE, host: "nowhere.test" });
	expect(ask(0, 100, 12_000)).toMatch(/the name nowhere.test was not found|nowhere.test does not answer/);
	client = make({ ...PLACE, port: 444 });
	expect(ask(0, 100, 80_000)).toMatch(/port 444: |does not answer/);
	client = make(PLACE, []);
	expect(ask(0)).toMatch(/TLS refused: /);
	board.internet.names.set("other.test", "10.0.0.3");
	client = make({ ...PLACE, host: "other.test" });
	expect(ask(0)).toMatch(/its certificate is not for "other.test"/);
	expect(server.requests).toEqual([]);
});
