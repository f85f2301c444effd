import { expect, it } from "vitest";
import { Twin } from "../../firmware/cloud/twin.js";
import { type CloudOwner, STATE_TOKEN } from "../../firmware/model/cloud.js";
import { defineDevice } from "../../firmware/model/device.js";
import { number } from "../../firmware/model/number.js";
import { VirtualBoard } from "../virtual/board.js";

const COUNT = 300;
const entities = Object.fromEntries(
	Array.from({ length: COUNT }, (_, i) => [`n${i}`, number({ min: 0, max: 1_000, step: 1, initial: i })]),
);
const device = defineDevice({ name: "Many", entities });

/** A copy that says what it would send, where there is room. */
class Copy extends Twin {
	readonly reports: { readonly atMs: number; readonly members: string }[] = [];
	room = true;

	publish(_topic: string, _payload: string | Uint8Array, _qos: 0 | 1, _retain: boolean, token: number): boolean {
		if (token >= STATE_TOKEN) this.stateChanged(token - STATE_TOKEN);
		return true;
	}

	filters(own: readonly string[]): readonly string[] {
		return own;
	}

	onMessage(): void {}

	protected report(members: string): boolean {
		if (this.room) this.reports.push({ atMs: this.nowMs, members });
		return this.room;
	}

	protected reported(): void {}

	protected sendMore(): boolean {
		return true;
	}
}

function makeCopy(): { copy: Copy; pass: (ms: number) => void } {
	const board = new VirtualBoard();
	const state = (i: number) => `${i}`;
	const owner = { board, device, prefix: "p/", state, stateTopic: (i: number) => `n${i}/state` };
	const copy = new Copy(owner as unknown as CloudOwner, { publish: () => true }, 1_000);
	const pass = (ms: number) => {
		for (let i = 0; i < ms; i += 10) {
			board.world.advance(10);
			const nowMs = board.clock.monotonicMs();
			if (copy.dueMs <= nowMs) copy.run(nowMs);
		}
	};
	return { copy, pass };
}

it("a copy of many states is sent in parts that fit into a message, at a distance, and each state once", () => {
	const { copy, pass } = makeCopy();
	copy.begin();
	for (let i = 0; i < COUNT; i++) copy.publish("", "", 1, true, STATE_TOKEN + i);
	pass(10_000);
	const parts = copy.reports.map(({ members }) => JSON.parse(members) as Record<string, number>);
	expect(parts.length).toBeGreaterThan(1);
	for (const { members } of copy.reports) expect(members.length).toBeLessThan(2_100);
	const all = Object.assign({}, ...parts);
	expect(parts.flatMap((part) => Object.keys(part)).length).toBe(COUNT);
	expect(all).toEqual(Object.fromEntries(Array.from({ length: COUNT }, (_, i) => [`n${i}`, i])));
	for (const [i, { atMs }] of copy.reports.entries())
		if (i > 0) expect(atMs - (copy.reports[i - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
	expect(copy.dueMs).toBe(Number.POSITIVE_INFINITY);
});

it("without room a copy waits until it is told, and without a connection it sends nothing", () => {
	const { copy, pass } = makeCopy();
	copy.room = false;
	copy.begin();
	copy.publish("", "", 1, true, STATE_TOKEN);
	pass(5_000);
	expect(copy.dueMs).toBe(Number.POSITIVE_INFINITY);
	copy.room = true;
	copy.wake();
	pass(1_000);
	expect(copy.reports).toHaveLength(1);
	copy.end();
	copy.publish("", "", 1, true, STATE_TOKEN);
	copy.wake();
	pass(5_000);
	expect(copy.reports).toHaveLength(1);
});
