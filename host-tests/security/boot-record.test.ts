import { describe, expect, it } from "vitest";
import { readBootRecord } from "../../firmware/security/boot-record.js";

const NEW = 0;
const PENDING = 1;
const VALID = 2;
const INVALID = 3;
const ABORTED = 4;
const UNDEFINED = 0xffff_ffff;

/** The checks of the sequence numbers 0 to 3; those of 1 and 2 are what dumps of real boards show. */
const CHECKS = [0, 0x4743_989a, 0x55f6_3774, 0xed4a_5011];

function entry(seq: number, state: number, check = CHECKS[seq] ?? 0): Uint8Array {
	const bytes = new Uint8Array(32).fill(0xff);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, seq, true);
	view.setUint32(24, state, true);
	view.setUint32(28, check, true);
	return bytes;
}

const ERASED = new Uint8Array(32).fill(0xff);

describe("the boot loader's record", () => {
	it.each([
		["nothing was ever selected", ERASED, ERASED, false, false],
		["flashed over USB by a tool that selects", entry(1, UNDEFINED), ERASED, false, false],
		["on trial", entry(1, VALID), entry(2, PENDING), true, false],
		["on trial, in the other half", entry(3, PENDING), entry(2, VALID), true, false],
		["confirmed", entry(1, VALID), entry(2, VALID), false, false],
		["given up", entry(1, VALID), entry(2, ABORTED), false, true],
		["given up, and the first of all runs", ERASED, entry(2, ABORTED), false, true],
		["no image", entry(1, VALID), entry(2, INVALID), false, true],
		["selected and not started yet", entry(1, VALID), entry(2, NEW), false, false],
		["on trial where something was given up before", entry(3, PENDING), entry(2, ABORTED), true, true],
		["half written", entry(1, VALID), entry(2, PENDING, 0xffff_ffff), false, false],
		["a check of another number", entry(1, VALID), entry(2, PENDING, CHECKS[1]), false, false],
	])("%s", (_, first, second, onTrial, rejected) => {
		expect(readBootRecord(first, second)).toEqual({ onTrial, rejected });
	});
});
