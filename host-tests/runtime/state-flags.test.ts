import { describe, expect, it } from "vitest";
import { StateFlags } from "../../firmware/runtime/state-flags.js";

describe("states to publish", () => {
	it("go in order, each once", () => {
		const flags = new StateFlags(3);
		expect(flags.next()).toBe(-1);
		flags.changed(2);
		flags.changed(0);
		expect(flags.next()).toBe(0);
		flags.sent(0);
		expect(flags.next()).toBe(2);
		flags.sent(2);
		expect(flags.next()).toBe(-1);
	});

	it("wait for the acknowledgement when they change on their way, and go once more", () => {
		const flags = new StateFlags(1);
		flags.changed(0);
		flags.sent(0);
		flags.changed(0);
		flags.changed(0);
		expect(flags.next()).toBe(-1);
		flags.acknowledged(0);
		expect(flags.next()).toBe(0);
		flags.sent(0);
		flags.acknowledged(0);
		expect(flags.next()).toBe(-1);
	});

	it("go again when the connection ends under way, and only those", () => {
		const flags = new StateFlags(3);
		flags.allChanged();
		for (const index of [0, 1, 2]) flags.sent(index);
		flags.changed(1);
		flags.acknowledged(2);
		flags.lost();
		expect(flags.next()).toBe(0);
		flags.sent(0);
		expect(flags.next()).toBe(1);
		flags.sent(1);
		expect(flags.next()).toBe(-1);
	});
});
