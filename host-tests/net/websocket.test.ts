import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { WebSocketStream } from "../../firmware/net/websocket.js";
import { BINARY, CLOSE, FIN, PING, PONG, TEXT } from "../../firmware/net/websocket-frames.js";
import type { Stream } from "../../firmware/ports/network.js";
import { RecordingHandler } from "../contracts/stream-bench.js";
import { VirtualBoard } from "../virtual/board.js";
import { type ClientFrame, clientFrames, closing, frame } from "./websocket-frames.js";

/** What is below, as a script. */
class Below implements Stream {
	readonly writes: Uint8Array[] = [];
	hasRoom = true;
	closes = 0;

	write(bytes: Uint8Array, count: number): boolean {
		if (this.closes > 0) throw new Error("written to after close");
		if (this.hasRoom) this.writes.push(bytes.slice(0, count));
		return this.hasRoom;
	}

	close(): void {
		this.closes++;
	}
}

let board: VirtualBoard;
let below: Below;
let handler: RecordingHandler;
let stream: WebSocketStream;

beforeEach(() => {
	board = new VirtualBoard();
	below = new Below();
	handler = new RecordingHandler();
	stream = new WebSocketStream({ host: "broker.test", port: 80 }, "/mqtt", board, handler);
	stream.over(below);
});

const text = (bytes: Uint8Array | readonly number[] | undefined): string => Buffer.from(bytes ?? []).toString("latin1");

function say(bytes: Uint8Array | string): void {
	const all = new Uint8Array(Buffer.from(bytes as string, "latin1"));
	stream.onData(all, all.length);
}

/** The server's answer to the request. */
function answer(more = ""): string {
	const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(text(below.writes[0]))?.[1] ?? "";
	const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
	return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n${more}`;
}

function open(): void {
	stream.onOpen();
	say(answer());
	below.writes.length = 0;
}

const sent = (): ClientFrame[] => below.writes.flatMap((bytes) => clientFrames(bytes));

describe("a WebSocket that opens", () => {
	it("asks in one write when it is connected, and is open when the answer is complete", () => {
		expect(stream.write(new Uint8Array(1), 1)).toBe(false);
		stream.onOpen();
		expect(below.writes).toHaveLength(1);
		expect(text(below.writes[0])).toMatch(/^GET \/mqtt HTTP\/1.1\r\nHost: broker.test\r\n/);
		expect(stream.write(new Uint8Array(1), 1)).toBe(false);
		const reply = answer();
		say(reply.slice(0, -1));
		expect(handler.calls).toEqual([]);
		say(reply.slice(-1));
		expect(handler.calls).toEqual(["onOpen"]);
	});

	it("asks with another key every time", () => {
		stream.onOpen();
		const other = new Below();
		const again = new WebSocketStream({ host: "broker.test", port: 80 }, "/mqtt", board, handler);
		again.over(other);
		again.onOpen();
		expect(text(other.writes[0])).not.toBe(text(below.writes[0]));
	});

	it("hands on what came with the answer", () => {
		stream.onOpen();
		say(answer(text(frame("CONNACK"))));
		expect(handler.calls).toEqual(["onOpen", "onData"]);
		expect(text(handler.received)).toBe("CONNACK");
	});

	it("says why it does not, once, and closes what is below", () => {
		stream.onOpen();
		say("HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\n<html>");
		say("more");
		stream.onClose("the other side closed the connection");
		expect(handler.reasons).toEqual([
			"WebSocket refused: there is nothing at the path /mqtt, most brokers use /mqtt (404)",
		]);
		expect(below.closes).toBe(1);
		expect(below.writes).toHaveLength(1); // no Close frame to one that speaks no WebSocket
	});

	it("says so when the connection ends before, and why it never came about", () => {
		stream.onOpen();
		stream.onClose("the other side cut the connection");
		expect(handler.reasons).toEqual(["WebSocket refused: no complete answer, the other side cut the connection"]);
		const early = new WebSocketStream({ host: "h", port: 80 }, "/", board, handler);
		early.over(new Below());
		early.onClose("TLS refused: its certificate has expired");
		expect(handler.reasons.at(-1)).toBe("TLS refused: its certificate has expired");
	});

	it("does without when the board has no random numbers, or the connection no room", () => {
		board.random = () => {
			throw new Error("no entropy");
		};
		stream.onOpen();
		expect(handler.reasons).toEqual(["WebSocket refused: this board has no random numbers to open it with"]);
		expect(below.closes).toBe(1);
		const full = Object.assign(new Below(), { hasRoom: false });
		const second = new WebSocketStream({ host: "h", port: 80 }, "/", new VirtualBoard(), handler);
		second.over(full);
		second.onOpen();
		expect(handler.reasons.at(-1)).toBe("the connection takes nothing although it is open");
	});

	it("can be closed at every moment, and then tells nothing", () => {
		for (const steps of [0, 1, 2]) {
			const [lower, quiet] = [new Below(), new RecordingHandler()];
			const closed = new WebSocketStream({ host: "h", port: 80 }, "/", board, quiet);
			closed.over(lower);
			if (steps > 0) closed.onOpen();
			if (steps > 1) closed.onData(new Uint8Array(Buffer.from("HTTP/1.1 1")), 10);
			closed.close();
			closed.close();
			closed.onOpen();
			closed.onData(new Uint8Array(Buffer.from("HTTP/1.1 404 \r\n")), 15);
			closed.onWritable();
			closed.onClose("late");
			expect(quiet.calls).toEqual([]);
			expect(lower.closes).toBe(1);
			expect(lower.writes).toHaveLength(steps > 0 ? 1 : 0);
		}
	});
});

describe("an open WebSocket", () => {
	beforeEach(open);

	it("sends every write as one binary frame in one write, from a buffer of its own", () => {
		const bytes = new Uint8Array(Buffer.from("PUBLISH and more"));
		expect(stream.write(bytes, 7)).toBe(true);
		bytes.fill(0);
		expect(below.writes).toHaveLength(1);
		expect(sent()).toMatchObject([{ fin: true, opcode: BINARY }]);
		expect(text(sent()[0]?.payload)).toBe("PUBLISH");
	});

	it("hands on the bytes of each frame from the start of the buffer, wherever they lay", () => {
		say(
			new Uint8Array(
				Buffer.concat([frame("one"), frame("two", { flags: 0 }), frame("three", { opcode: 0, flags: FIN })]),
			),
		);
		expect(text(handler.received)).toBe("onetwothree");
		expect(handler.pieces).toEqual([3, 3, 5]);
	});

	it("answers a ping with its payload (§5.5.3), and says nothing of it to MQTT", () => {
		say(frame("are you there", { opcode: PING }));
		expect(sent()).toMatchObject([{ fin: true, opcode: PONG }]);
		expect(text(sent()[0]?.payload)).toBe("are you there");
		say(frame("unasked", { opcode: PONG }));
		expect(handler.calls).toEqual(["onOpen"]);
		expect(below.writes).toHaveLength(1);
	});

	it("answers the last of several pings when there is room again", () => {
		below.hasRoom = false;
		say(frame("first", { opcode: PING }));
		say(frame("last", { opcode: PING }));
		below.hasRoom = true;
		stream.onWritable();
		stream.onWritable();
		expect(sent().map(({ payload }) => text(payload))).toEqual(["last"]);
		expect(handler.calls).toEqual(["onOpen"]);
	});

	it("tells of room only who asked for it", () => {
		stream.onWritable();
		below.hasRoom = false;
		expect(stream.write(new Uint8Array(2), 2)).toBe(false);
		expect(stream.write(new Uint8Array(2), 2)).toBe(false);
		expect(handler.count("onWritable")).toBe(0);
		below.hasRoom = true;
		stream.onWritable();
		stream.onWritable();
		expect(handler.count("onWritable")).toBe(1);
		expect(stream.write(new Uint8Array(2), 2)).toBe(true);
		expect(below.writes).toHaveLength(1);
	});

	it("does not overtake: after a write that found no room, none goes out before the call for more", () => {
		below.hasRoom = false;
		stream.write(new Uint8Array(2), 2);
		below.hasRoom = true;
		expect(stream.write(new Uint8Array(2), 2)).toBe(false);
		expect(below.writes).toHaveLength(0);
	});

	it("says Close when it is closed, after what was written, and is gone at once", () => {
		stream.write(new Uint8Array(Buffer.from("DISCONNECT")), 10);
		stream.close();
		stream.close();
		expect(sent().map(({ opcode }) => opcode)).toEqual([BINARY, CLOSE]);
		expect([...(sent()[1]?.payload ?? [])]).toEqual([...closing(1000)]);
		expect(below.closes).toBe(1);
		say(frame("late"));
		stream.onClose("late");
		expect(handler.calls).toEqual(["onOpen"]);
		expect(stream.write(new Uint8Array(1), 1)).toBe(false);
	});

	it("answers a Close with the same code and says why the server left (§5.5.1)", () => {
		say(
			new Uint8Array(
				Buffer.concat([frame("last words"), frame(closing(1012, "upgrade"), { opcode: CLOSE }), frame("late")]),
			),
		);
		expect(text(handler.received)).toBe("last words");
		expect(handler.reasons).toEqual(["the other side closed the WebSocket: it starts again (1012: upgrade)"]);
		expect(sent()).toMatchObject([{ opcode: CLOSE }]);
		expect([...(sent()[0]?.payload ?? [])]).toEqual([...closing(1012)]);
		expect(below.closes).toBe(1);
	});

	it.each([
		["text", frame("{}", { opcode: TEXT }), 1003, /it sends text, and MQTT is binary$/],
		["a masked frame", frame("x", { masked: true }), 1002, /it masks what it sends$/],
		[
			"an endless frame",
			Uint8Array.from([0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]),
			1009,
			/it sends a frame that is too long$/,
		],
		[
			"a Close without a reason that is one",
			frame(closing(1005), { opcode: CLOSE }),
			1002,
			/it closes with a reason that is none$/,
		],
		["half a Close", frame("x", { opcode: CLOSE }), 1002, /it closes with a reason that is none$/],
	])("breaks off at %s, with the code for it", (_what, bytes, code, words) => {
		say(bytes);
		expect(handler.reasons).toEqual([expect.stringMatching(/^the other side broke the WebSocket protocol: /)]);
		expect(handler.reasons[0]).toMatch(words);
		expect(sent()).toMatchObject([{ opcode: CLOSE }]);
		expect([...(sent()[0]?.payload ?? [])]).toEqual([...closing(code)]);
		expect(below.closes).toBe(1);
	});

	it("hands on why the connection below ended", () => {
		stream.onClose("the other side cut the connection");
		expect(handler.reasons).toEqual(["the other side cut the connection"]);
		expect(below.closes).toBe(0); // it told so itself
	});

	it("takes all bytes of a chunk though its handler throws at each, and then throws the first", () => {
		handler.inside = (callback) => {
			throw new Error(`${callback} ${handler.received.length}`);
		};
		expect(() => say(new Uint8Array(Buffer.concat([frame("one"), frame("two").slice(0, 3)])))).toThrow("onData 3");
		expect(() => say(frame("two").slice(3))).toThrow("onData 6");
		expect(text(handler.received)).toBe("onetwo");
	});

	it("stops in the middle of a chunk when its handler closes it", () => {
		handler.inside = () => stream.close();
		say(new Uint8Array(Buffer.concat([frame("one"), frame("two")])));
		expect(text(handler.received)).toBe("one");
		expect(sent()).toMatchObject([{ opcode: CLOSE }]);
	});

	it("refuses a write for which the board has no mask, and goes on when it has", () => {
		const random = board.random;
		for (let n = 0; n < 16; n++) stream.write(new Uint8Array(1), 1);
		board.random = () => {
			throw new Error("no entropy");
		};
		expect(Array.from({ length: 16 }, () => stream.write(new Uint8Array(1), 1))).toContain(false);
		board.random = random;
		expect(stream.write(new Uint8Array(1), 1)).toBe(true);
		expect(handler.calls).toEqual(["onOpen"]);
	});
});
