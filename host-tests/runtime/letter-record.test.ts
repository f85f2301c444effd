import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ClockOrigins } from "../../firmware/runtime/clock-origins.js";
import { readLetter, writeLetter } from "../../firmware/runtime/letter-record.js";
import type { Letter } from "../../firmware/runtime/mailbox.js";
import { Packer } from "../../firmware/runtime/packing.js";
import { VirtualBoard } from "../virtual/board.js";

let board: VirtualBoard;
let origins: ClockOrigins;
beforeEach(() => {
	board = new VirtualBoard();
	origins = new ClockOrigins({ board, boot: 2 });
});

function through(letter: Letter, boot: number, originMs: number | undefined): Letter | undefined {
	const packer = new Packer(new Uint8Array(2_000));
	writeLetter(letter, boot, originMs, board.text, packer);
	expect(packer.fits).toBe(true);
	return readLetter(packer.bytes, 0, packer.length, origins, board.text);
}

describe("letters in flash", () => {
	it("property: come back as they were", () => {
		const data = fc.option(fc.uint8Array({ maxLength: 100 }), { nil: undefined });
		const when = fc.option(
			fc.maxSafeNat().map((ms) => Math.floor(ms / 4)),
			{ nil: undefined },
		);
		const text = fc.string({ unit: "grapheme", maxLength: 100 });
		fc.assert(
			fc.property(text, text, when, data, (topic, payload, atMs, correlationData) => {
				const found = through({ topic, payload, atMs, correlationData }, 1, 1_000);
				expect(found).toEqual({
					topic,
					payload,
					...(atMs === undefined ? {} : { atMs, originMs: 1_000 }),
					correlationData,
				});
			}),
		);
	});

	it("are given their time when it became known later", () => {
		const letter = { topic: "event", payload: "{", atMs: 50 };
		expect(through(letter, 2, undefined)).toMatchObject({ originMs: null });
		board.clock.setWallMs(board.world.trueMs);
		expect(through(letter, 2, undefined)).toMatchObject({ originMs: board.world.beginMs });
		expect(through(letter, 1, undefined)).toMatchObject({ originMs: null });
	});

	it("property: whatever else is there is refused", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
				const found = readLetter(noise, 0, noise.length, origins, board.text);
				if (found !== undefined) expect(typeof found.topic).toBe("string");
			}),
		);
		expect(readLetter(Uint8Array.of(1, 0, 0, 1, 0xff, 1, 0x61, 0), 0, 8, origins, board.text)).toBeUndefined();
		expect(readLetter(Uint8Array.of(1, 0, 0, 1, 0x61, 9, 0x61, 0), 0, 8, origins, board.text)).toBeUndefined();
	});
});
