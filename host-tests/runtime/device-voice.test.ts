import { beforeEach, describe, expect, it } from "vitest";
import { DeviceVoice } from "../../firmware/runtime/device-voice.js";
import type { Letter } from "../../firmware/runtime/mailbox.js";
import type { Uplink } from "../../firmware/runtime/uplink.js";
import { VirtualBoard } from "../virtual/board.js";

class Voice extends DeviceVoice {
	readonly board = new VirtualBoard();
	readonly id = "greenhouse";
	readonly prefix = "farpin/greenhouse/";
	readonly boot = 3;
	readonly posted: Letter[] = [];
	readonly logged: string[] = [];
	protected readonly uplink = {
		post: (letter: Letter) => this.posted.push(letter),
		logLine: (line: string, level: string) => this.logged.push(`${level}: ${line}`),
	} as unknown as Uplink;

	count = () => this.faults;
	guard = (run: () => void) => this.guarded("trying", run);
}

let voice: Voice;
beforeEach(() => {
	voice = new Voice();
});

describe("what a device says of itself", () => {
	it("are events, numbered, and faults on its log as well", () => {
		voice.event("pump", "changed", ',"to":"ON"');
		voice.event("air", "fault", ',"reason":"silent"');
		voice.event("air", "recovered", "");
		expect(voice.posted.map(({ payload }) => payload)).toEqual([
			'{"boot":3,"seq":1,"entity":"pump","event":"changed","to":"ON"',
			'{"boot":3,"seq":2,"entity":"air","event":"fault","reason":"silent"',
			'{"boot":3,"seq":3,"entity":"air","event":"recovered"',
		]);
		expect(voice.posted.every(({ topic }) => topic === "farpin/greenhouse/event")).toBe(true);
		expect(voice.logged).toEqual(['error: air: fault,"reason":"silent"', "info: air: recovered"]);
		expect(voice.count()).toBe(1);
	});

	it("are mistakes of its own, each counted, and told once a minute", () => {
		const fail = () => {
			throw new Error("broken");
		};
		voice.guard(fail);
		voice.guard(fail);
		voice.board.world.advance(60_000);
		voice.guard(fail);
		expect(voice.posted.map(({ payload }) => payload)).toEqual([
			expect.stringContaining('"entity":"","event":"fault","reason":"internal error in trying: broken"'),
			expect.stringContaining('"seq":2'),
		]);
		expect(voice.count()).toBe(3);
	});

	it("is no reason to fail when nobody can be told", () => {
		voice.board.log = () => {
			throw new Error("no console");
		};
		expect(() => voice.log("a line")).not.toThrow();
	});
});
