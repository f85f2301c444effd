import { describe, expect, it } from "vitest";
import { BINARY, CLOSE, PONG } from "../../firmware/net/websocket-frames.js";
import { FrameWriter } from "../../firmware/net/websocket-writer.js";
import { VirtualBoard } from "../virtual/board.js";
import { clientFrames } from "./websocket-frames.js";

const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, at) => at * 7);

describe("FrameWriter", () => {
	it.each([0, 1, 2, 3, 4, 5, 125, 126, 127, 498, 499, 65_535, 65_536])(
		"makes one masked frame of %i bytes",
		(count) => {
			const writer = new FrameWriter(new VirtualBoard());
			const size = writer.frame(BINARY, bytes(count + 9), count);
			expect(size).toBe(count + (count < 126 ? 6 : count < 65_536 ? 8 : 14));
			const frames = clientFrames(writer.bytes.slice(0, size));
			expect(frames).toHaveLength(1);
			expect(frames[0]).toMatchObject({ fin: true, opcode: BINARY });
			expect(Buffer.compare(frames[0]?.payload ?? new Uint8Array(1), bytes(count))).toBe(0);
		},
	);

	it("makes control frames, and a Close with its code", () => {
		const writer = new FrameWriter(new VirtualBoard());
		const pong = clientFrames(writer.bytes.slice(0, writer.frame(PONG, bytes(3), 3)));
		expect(pong).toMatchObject([{ fin: true, opcode: PONG }]);
		const close = clientFrames(writer.bytes.slice(0, writer.close(1002)));
		expect(close).toMatchObject([{ fin: true, opcode: CLOSE }]);
		expect([...(close[0]?.payload ?? [])]).toEqual([0x03, 0xea]);
	});

	it("masks every frame with bytes of its own from the board (§5.3), fetched many at a time", () => {
		const board = new VirtualBoard();
		const random = board.random.bind(board);
		let fetched = 0;
		board.random = (into) => {
			fetched += into.length;
			random(into);
		};
		const writer = new FrameWriter(board);
		const masks = new Set<string>();
		for (let n = 0; n < 1_000; n++) {
			const [frame] = clientFrames(writer.bytes.slice(0, writer.frame(BINARY, bytes(4), 4)));
			masks.add([...(frame?.mask ?? [])].join());
		}
		expect(masks.size).toBeGreaterThan(995);
		expect(fetched).toBeGreaterThanOrEqual(4_000);
		expect(fetched).toBeLessThan(4_100);
	});

	it("keeps its buffer, which grows a few times and not with every packet", () => {
		const writer = new FrameWriter(new VirtualBoard());
		const buffers = new Set<Uint8Array>();
		for (let count = 0; count <= 4_096; count += 16) {
			writer.frame(BINARY, bytes(count), count);
			buffers.add(writer.bytes);
		}
		for (let count = 4_096; count >= 0; count -= 16) writer.frame(BINARY, bytes(count), count);
		expect(buffers.size).toBeLessThanOrEqual(9);
		expect(buffers.has(writer.bytes)).toBe(true);
	});

	it("makes no frame without a mask", () => {
		const board = new VirtualBoard();
		const random = board.random.bind(board);
		board.random = () => {
			throw new Error("no entropy");
		};
		const writer = new FrameWriter(board);
		expect(writer.frame(BINARY, bytes(4), 4)).toBe(0);
		expect(writer.close(1000)).toBe(0);
		board.random = random;
		expect(writer.frame(BINARY, bytes(4), 4)).toBe(10);
	});
});
