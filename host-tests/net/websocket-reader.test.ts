import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BINARY, CLOSE, CONTINUATION, FIN, PING, PONG, TEXT } from "../../firmware/net/websocket-frames.js";
import { FRAME_BYTES_MAX, FrameReader } from "../../firmware/net/websocket-reader.js";
import { CHUNKINGS, cut, cutAt } from "../mqtt/chunkings.js";
import { closing, frame } from "./websocket-frames.js";

/** What comes out of a reader that is given these chunks: data joined, events in order. */
function read(chunks: readonly Uint8Array[]): string[] {
	const reader = new FrameReader();
	const events: string[] = [];
	let steps = 0;
	for (const chunk of chunks) {
		const lent = Uint8Array.from([0xaa, ...chunk, 0xbb]);
		reader.feed(lent, 1, 1 + chunk.length);
		for (;;) {
			const event = reader.next();
			if (event === "nothing") break;
			if (++steps > 10_000) throw new Error("it never ends");
			note(events, reader, event, lent);
		}
		reader.release();
		lent.fill(0xdd);
	}
	return events;
}

function note(events: string[], reader: FrameReader, event: string, lent: Uint8Array): void {
	const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
	if (event === "data") {
		const data = hex(lent.subarray(reader.start, reader.end));
		if (events.at(-1)?.startsWith("data ")) events.push(`${events.pop()}${data}`);
		else events.push(`data ${data}`);
	} else if (event === "fault") events.push(`fault ${reader.faultCode} ${reader.fault}`);
	else events.push(`${event} ${hex(reader.control.subarray(0, reader.controlCount))}`);
}

const join = (...frames: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(frames));

/** The same in every chunking. */
function events(bytes: Uint8Array): string[] {
	const [first, ...others] = CHUNKINGS.map((chunking) => read(cut(bytes, chunking)));
	for (const other of others) expect(other).toEqual(first);
	return first as string[];
}

describe("FrameReader", () => {
	it("hands on data, whole or in pieces, with control frames between them (§5.4)", () => {
		const bytes = join(
			frame("ab"),
			frame("cd", { flags: 0 }),
			frame("ping!", { opcode: PING }),
			frame("ef", { opcode: CONTINUATION, flags: 0 }),
			frame("", { opcode: CONTINUATION }),
			frame("unasked", { opcode: PONG }),
			frame("gh"),
			frame(closing(1000, "bye"), { opcode: CLOSE }),
		);
		expect(events(bytes)).toEqual(["data 61626364", "ping 70696e6721", "data 65666768", "close 03e8627965"]);
	});

	it.each([0, 1, 125, 126, 65_535, 65_536])("takes a frame of %i bytes", (count) => {
		const payload = new Uint8Array(count).fill(0x41);
		const sizes =
			count > 1_000
				? [cutAt(join(frame(payload), frame("B")), [3, 7, 1_000])]
				: CHUNKINGS.map((chunking) => cut(join(frame(payload), frame("B")), chunking));
		for (const chunks of sizes) expect(read(chunks)).toEqual([`data ${"41".repeat(count)}42`]);
	});

	it("finds data where it lies, and keeps none of it", () => {
		const reader = new FrameReader();
		const bytes = frame("abc");
		reader.feed(bytes, 0, bytes.length);
		expect(reader.next()).toBe("data");
		expect([reader.start, reader.end]).toEqual([2, 5]);
		expect(reader.next()).toBe("nothing");
	});

	it.each([
		["an extension (§5.2)", frame("x", { flags: FIN | 0x40 }), /^fault 1002 it uses an extension/],
		["text [MQTT-6.0.0-1]", frame("x", { opcode: TEXT }), /^fault 1003 it sends text/],
		["an unknown data frame", frame("x", { opcode: 3 }), /^fault 1002 .*unknown kind, 3/],
		["an unknown control frame", frame("x", { opcode: 11 }), /^fault 1002 .*unknown kind, 11/],
		["a piece of nothing (§5.4)", frame("x", { opcode: CONTINUATION }), /^fault 1002 it mixes up/],
		["a ping in pieces (§5.5)", frame("x", { opcode: PING, flags: 0 }), /^fault 1002 it cuts a control frame/],
		[
			"a ping of 126 bytes (§5.5)",
			frame(new Uint8Array(126), { opcode: PING }),
			/^fault 1002 .*control frame that is too long/,
		],
		["a masked frame (§5.1)", frame("x", { masked: true }), /^fault 1002 it masks/],
		["a length of 16 bits for 1 (§5.2)", frame("x", { lengthBytes: 2 }), /^fault 1002 it spends more bytes/],
		["a length of 64 bits for 1 (§5.2)", frame("x", { lengthBytes: 8 }), /^fault 1002 it spends more bytes/],
		[
			"a length beyond MQTT's",
			Uint8Array.from([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]),
			/^fault 1009 it sends a frame that is too long/,
		],
		["a length beyond numbers", Uint8Array.from([0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255]), /^fault 1009/],
	])("finds %s", (_what, bytes, expected) => {
		const found = events(join(frame("before"), bytes, frame("after")));
		expect(found).toHaveLength(2);
		expect(found[0]).toBe(`data ${Buffer.from("before").toString("hex")}`);
		expect(found[1]).toMatch(expected);
	});

	it("finds a new message in the middle of another (§5.4)", () => {
		expect(events(join(frame("a", { flags: 0 }), frame("b")))).toEqual([
			"data 61",
			expect.stringMatching(/^fault 1002/),
		]);
	});

	it("takes the largest frame that MQTT can need, and waits for it without keeping anything", () => {
		const head = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
		head.writeBigUInt64BE(BigInt(FRAME_BYTES_MAX), 2);
		const reader = new FrameReader();
		reader.feed(head, 0, head.length);
		expect(reader.next()).toBe("nothing");
		expect(reader.fault).toBe("");
	});

	it("gives the same for any bytes in any chunking, and always ends", () => {
		const opcodes = fc.constantFrom(CONTINUATION, BINARY, BINARY, BINARY, TEXT, 5, CLOSE, PING, PONG, 12);
		const frames = fc.record({
			payload: fc.uint8Array({ maxLength: 140 }),
			opcode: opcodes,
			flags: fc.constantFrom(FIN, FIN, FIN, 0, 0x40),
			lengthBytes: fc.constantFrom(undefined, undefined, undefined, 2 as const),
		});
		const stream = fc
			.array(frames, { maxLength: 8 })
			.map((list) =>
				join(
					...list.map(({ payload, lengthBytes, ...more }) =>
						frame(payload, lengthBytes === undefined ? more : { ...more, lengthBytes }),
					),
				),
			);
		const noise = fc.oneof(stream, fc.uint8Array({ maxLength: 300 }));
		fc.assert(
			fc.property(noise, fc.array(fc.nat(900)), (bytes, places) => {
				expect(read(cutAt(bytes, places))).toEqual(read([bytes]));
			}),
			{ numRuns: Number(process.env.FUZZ_ROUNDS ?? 2_000), seed: 6455 },
		);
	});
});
