import { describe, expect, it } from "vitest";
import { EntityBench } from "./bench.js";
import { FakeInput } from "./inputs.js";
import { FakeOutput, switchOn } from "./outputs.js";

describe("a part that cannot be opened", () => {
	const broken = {
		...switchOn(new FakeOutput()),
		open(): never {
			throw new Error("pin 26 is in use");
		},
	};

	it("says so once, and refuses everything", () => {
		const bench = new EntityBench(broken).advance(3_600_000);
		expect(bench.events).toEqual([{ entity: "part", event: "fault", reason: "pin 26 is in use" }]);
		expect(bench.entity.stateText(0)).toBe("unavailable");
		expect(bench.entity.stale).toBe(true);
		expect(bench.entity.check?.("ON")).toBe("the part is out of order: pin 26 is in use");
		bench.entity.close();
		expect(bench.panics).toEqual([]);
	});

	it.each(["contact", "button"] as const)("leaves nothing open: a %s that cannot be read", (kind) => {
		const input = new FakeInput();
		input.broken = true;
		const bench = new EntityBench(input[kind]());
		expect(bench.events).toEqual([{ entity: "part", event: "fault", reason: "the pin cannot be read" }]);
		expect(input.closed).toBe(1);
	});
});
