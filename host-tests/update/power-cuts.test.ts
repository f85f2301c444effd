import { describe, expect, it } from "vitest";
import type { CutMoment } from "../virtual/slots.js";
import { type Defects, imageOf, type Report, UpdateRig, URL } from "./rig.js";

const SECTORS = 10; // so many that some are noted on the way
const MOMENTS: readonly CutMoment[] = ["before", "within", "after"];
const ENDS = ["confirmed", "rolled back", "failed"];
const LIMIT_MS = 3_600_000;

interface Story {
	readonly name: string;
	readonly place: object;
	/** What is wrong with the new firmware. */
	readonly defects?: Defects;
}

const STORIES: readonly Story[] = [
	{ name: "over HTTPS", place: { url: URL } },
	{ name: "in MQTT blocks", place: {} },
	{ name: "of a firmware that is no good", place: {}, defects: { blind: true } },
];

/** A device before an update, with the power to go wherever `arm` says. */
function begin({ place, defects = {} }: Story, arm: (rig: UpdateRig, cut: () => void) => void) {
	const rig = new UpdateRig();
	rig.image = imageOf("1.1.0", SECTORS);
	rig.defects.set("1.1.0", defects);
	rig.start().advance(12_000);
	const order = { manifest: rig.manifest(), ...place };
	arm(rig, () => {
		rig.board.world.after(0, () => {
			rig.board.reset("power");
			// An order that the device had not noted is lost with the power, as with any command: it is given again.
			if (rig.board.store.get("upd-job") === undefined && !isOver(rig))
				rig.board.world.after(8_000, () => rig.order(order));
		});
	});
	rig.order(order);
	return rig;
}

/** Counts over restarts, which would disarm the store. */
function cutAtWrite(rig: UpdateRig, write: number, when: "before" | "after", cut: () => void): void {
	const { store } = rig.board;
	const last = store.writes + write;
	let isDone = false;
	const arm = () => {
		if (isDone) return;
		store.cutPowerAt(last - store.writes, when, () => {
			isDone = true;
			cut();
		});
	};
	arm();
	rig.board.onRestart = () => {
		arm();
		rig.start();
	};
}

function endOf(rig: UpdateRig): Report | undefined {
	return rig.reports.findLast(({ state }) => ENDS.includes(state));
}

function isOver(rig: UpdateRig): boolean {
	return endOf(rig) !== undefined;
}

/** Lets the story come to its end; at no moment may the running slot hold anything but one of the two whole images. */
function finish(rig: UpdateRig): void {
	const images = [imageOf("1.0.0"), imageOf("1.1.0", SECTORS)];
	const isWhole = () => {
		const running = rig.slots.content[rig.slots.running] as Uint8Array;
		return images.some((image) => Buffer.compare(running.subarray(0, image.length), image) === 0);
	};
	let broken = false;
	const over = rig.board.world.until(
		() => {
			broken ||= rig.slots.bricked || !isWhole();
			return isOver(rig) && rig.board.store.get("upd-trial") === undefined;
		},
		LIMIT_MS,
		1_000,
	);
	expect(broken, "a half image, or none").toBe(false);
	expect(over, `no report; the last were ${JSON.stringify(rig.reports.slice(-4))}`).toBe(true);
}

/** What is promised whatever happens: the end that was told is the end that is. */
function judge(rig: UpdateRig, { defects }: Story): string {
	const state = endOf(rig)?.state ?? "";
	expect([state, rig.version]).toEqual(state === "confirmed" ? ["confirmed", "1.1.0"] : ["rolled back", "1.0.0"]);
	if (defects !== undefined) expect(state).toBe("rolled back");
	rig.advance(5_000).powerCycle().advance(30_000);
	expect([rig.slots.onTrial, rig.slots.bricked]).toEqual([false, false]);
	// What is left of a board without power complains about it.
	const errors = rig.board.lines.filter((line) => line.includes("internal error") && !line.includes("power is gone"));
	expect(errors).toEqual([]);
	expect(rig.version).toBe(state === "confirmed" ? "1.1.0" : "1.0.0");
	expect(rig.board.store.keys().filter((key) => key.startsWith("upd") && key !== "upd-floor")).toEqual([]);
	return state;
}

describe.each(STORIES)("the power goes in the middle of an update $name", (story) => {
	// How much there is to cut, in a story that nothing disturbs.
	const calm = begin(story, () => undefined);
	const before = calm.board.store.writes;
	finish(calm);
	const operations = calm.slots.operations;
	const writes = calm.board.store.writes - before;

	it(`at each of ${operations} operations of the slots, before, within and after it`, () => {
		const ends: string[] = [];
		for (let operation = 0; operation < operations; operation++) {
			for (const moment of MOMENTS) {
				const rig = begin(story, ({ slots }, cut) => slots.cutPowerAt(operation, moment, cut));
				finish(rig);
				ends.push(judge(rig, story));
			}
		}
		expect(ends).toHaveLength(operations * MOMENTS.length);
		expect(operations).toBeGreaterThan(2 * SECTORS);
		if (story.defects === undefined)
			expect(ends.filter((end) => end === "confirmed").length).toBeGreaterThan(ends.length / 2);
	}, 300_000);

	it(`at each of ${writes} writes of notes, before and after it`, () => {
		for (let write = 0; write < writes; write++) {
			for (const when of ["before", "after"] as const) {
				const rig = begin(story, (armed, cut) => cutAtWrite(armed, write, when, cut));
				finish(rig);
				judge(rig, story);
			}
		}
		expect(writes).toBeGreaterThan(8);
	}, 300_000);

	it("and again on the way after that, wherever the seed says", () => {
		const { world } = new UpdateRig().board;
		const drawn = (below: number) => Math.floor(world.random() * below);
		for (let seed = 0; seed < 60; seed++) {
			const rig = begin(story, ({ slots }, cut) => {
				const second = drawn(operations);
				const moment = MOMENTS[drawn(3)] as CutMoment;
				slots.cutPowerAt(drawn(operations), MOMENTS[drawn(3)] as CutMoment, () => {
					cut();
					slots.cutPowerAt(second, moment, cut);
				});
			});
			finish(rig);
			judge(rig, story);
		}
	}, 300_000);
});
