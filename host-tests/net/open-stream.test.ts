import { beforeEach, describe, expect, it } from "vitest";
import { openStream } from "../../firmware/net/open-stream.js";
import { RecordingEntry } from "../contracts/entry.js";
import { RecordingHandler } from "../contracts/stream-bench.js";
import { VirtualBoard } from "../virtual/board.js";

const SERVER = "10.0.0.1";

describe("openStream", () => {
	let board: VirtualBoard;
	let handler: RecordingHandler;
	let heard: string;

	beforeEach(() => {
		board = new VirtualBoard();
		board.attach(new RecordingEntry());
		handler = new RecordingHandler();
		heard = "";
		const listen = (port: number, names?: readonly string[]) =>
			board.internet.listen(
				SERVER,
				port,
				() => ({ onData: (bytes, count) => (heard += Buffer.from(bytes.slice(0, count))), onClose: () => undefined }),
				names,
			);
		listen(1);
		listen(2, ["broker.test"]);
		board.network.start({ onNetwork: () => undefined });
		board.world.advance(1_000);
	});

	it.each([
		[1, undefined],
		[2, { roots: [new Uint8Array(1)] }],
	])("gives the bare stream of the board at port %i", (port, tls) => {
		const stream = openStream(board, { host: "broker.test", port, tls }, SERVER, handler);
		board.world.advance(1_000);
		expect(handler.calls).toEqual(["onOpen"]);
		stream.write(new Uint8Array(Buffer.from("CONNECT")), 7);
		board.world.advance(1_000);
		expect(heard).toBe("CONNECT");
	});

	it.each([
		[1, undefined],
		[2, { roots: [new Uint8Array(1)] }],
	])("opens a WebSocket over it at port %i where there is a path", (port, tls) => {
		const stream = openStream(board, { host: "broker.test", port, tls, webSocketPath: "/mqtt" }, SERVER, handler);
		board.world.advance(1_000);
		expect(handler.calls).toEqual([]);
		expect(heard).toMatch(new RegExp(`^GET /mqtt HTTP/1.1\r\nHost: broker.test:${port}\r\n`));
		stream.close();
		board.world.advance(1_000);
		expect(board.network.streams.every(({ isOver }) => isOver)).toBe(true);
	});

	it("hands on why the stream below does not open", () => {
		openStream(board, { host: "h", port: 9, webSocketPath: "/" }, SERVER, handler);
		board.world.advance(1_000);
		expect(handler.reasons).toEqual(["nobody listens there (connection refused)"]);
	});
});
