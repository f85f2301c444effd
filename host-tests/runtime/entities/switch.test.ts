import { beforeEach, describe, expect, it } from "vitest";
import { EntityBench } from "./bench.js";
import { FakeOutput, switchOn } from "./outputs.js";

const LIMIT_MS = 60_000;
let output: FakeOutput;
beforeEach(() => {
	output = new FakeOutput();
});

describe("a switch", () => {
	it("starts in its safe state without touching the output", () => {
		expect(new EntityBench(switchOn(output)).entity.stateText(0)).toBe("OFF");
		expect(new EntityBench(switchOn(output, { safe: true })).entity.stateText(0)).toBe("ON");
		expect(output.written).toEqual([]);
	});

	it.each([
		["ON", true],
		[true, true],
		["OFF", false],
		[false, false],
		["TOGGLE", true],
	])("takes %s", (value, on) => {
		const bench = new EntityBench(switchOn(output));
		expect(bench.entity.check?.(value)).toBeUndefined();
		bench.call((entity) => entity.set?.(value, "command"));
		expect(output.last).toBe(on);
	});

	it.each(["on", "", "1", 1, 0, null, [true], new Map([["state", "ON"]])])("refuses %j", (value) => {
		const { entity } = new EntityBench(switchOn(output));
		expect(entity.check?.(value)).toBe("the value must be ON, OFF or TOGGLE");
	});

	it("tells each change once, with its reason", () => {
		const bench = new EntityBench(switchOn(output));
		bench.call((entity) => entity.set?.("ON", "command"));
		bench.call((entity) => entity.set?.("ON", "command"));
		bench.call((entity) => entity.act?.("toggle", "rule key press"));
		expect(bench.states).toEqual([0, 0]);
		expect(bench.events).toEqual([
			{ entity: "part", event: "changed", to: "ON", why: "command" },
			{ entity: "part", event: "changed", to: "OFF", why: "rule key press" },
		]);
	});
});

describe("the longest time away from the safe state", () => {
	it("ends there, for the reason limit", () => {
		const bench = new EntityBench(switchOn(output, { maxOnMs: LIMIT_MS }));
		bench.call((entity) => entity.set?.("ON", "command")).advance(LIMIT_MS - 1);
		expect(output.last).toBe(true);
		bench.advance(1);
		expect(output.last).toBe(false);
		expect(bench.events.at(-1)).toMatchObject({ to: "OFF", why: "limit" });
		bench.advance(10 * LIMIT_MS);
		expect(output.written).toEqual([true, false]);
	});

	it("is not prolonged by saying ON again", () => {
		const bench = new EntityBench(switchOn(output, { maxOnMs: LIMIT_MS }));
		for (let i = 0; i < 6; i++) bench.call((entity) => entity.set?.("ON", "command")).advance(LIMIT_MS / 6);
		expect(output.last).toBe(false);
	});

	it("begins anew when the output was in its safe state in between", () => {
		const bench = new EntityBench(switchOn(output, { maxOnMs: LIMIT_MS }));
		bench.call((entity) => entity.set?.("ON", "command")).advance(LIMIT_MS / 2);
		bench.call((entity) => entity.set?.("OFF", "command"));
		bench.call((entity) => entity.set?.("ON", "command")).advance(LIMIT_MS - 1);
		expect(output.last).toBe(true);
		bench.advance(1);
		expect(output.last).toBe(false);
	});

	it("holds for an output whose safe state is ON", () => {
		const bench = new EntityBench(switchOn(output, { safe: true, maxOnMs: LIMIT_MS }));
		bench.call((entity) => entity.set?.("OFF", "command")).advance(LIMIT_MS);
		expect(output.last).toBe(true);
	});

	it("is tried again every second while the output is stuck", () => {
		const bench = new EntityBench(switchOn(output, { maxOnMs: LIMIT_MS }));
		bench.call((entity) => entity.set?.("ON", "command"));
		output.failures = 3;
		bench.advance(LIMIT_MS + 2_999);
		expect(output.last).toBe(true);
		bench.advance(1);
		expect(output.last).toBe(false);
		expect(bench.panics).toHaveLength(3);
	});

	it("holds for an output that failed on its way: nobody knows where it is", () => {
		const bench = new EntityBench(switchOn(output, { maxOnMs: LIMIT_MS }));
		output.failures = 1;
		expect(() => bench.entity.set?.("ON", "command")).toThrow("the output is stuck");
		expect(bench.events).toEqual([]);
		bench.advance(LIMIT_MS);
		expect(output.written).toEqual([false]);
	});
});

describe("the broker out of reach", () => {
	const policy = { onLinkLost: { after: 5_000, go: "OFF" } } as const;

	it("counts from the start: a broker that was never met is out of reach too", () => {
		const bench = new EntityBench(switchOn(output, policy));
		bench.call((entity) => entity.act?.("on", "rule key press")).advance(4_999);
		expect(output.last).toBe(true);
		bench.advance(1);
		expect(output.last).toBe(false);
		expect(bench.events.at(-1)).toMatchObject({ to: "OFF", why: "link lost" });
	});

	it("is forgiven when it comes back in time", () => {
		const bench = new EntityBench(switchOn(output, policy));
		bench.call((entity) => entity.onLink?.(true, bench.board.clock.monotonicMs()));
		bench.call((entity) => entity.set?.("ON", "command")).advance(60_000);
		bench.call((entity) => entity.onLink?.(false, bench.board.clock.monotonicMs())).advance(4_000);
		bench.call((entity) => entity.onLink?.(true, bench.board.clock.monotonicMs())).advance(60_000);
		expect(output.last).toBe(true);
	});

	it("acts once: what is switched by hand afterwards stays", () => {
		const bench = new EntityBench(switchOn(output, policy));
		bench.advance(6_000);
		bench.call((entity) => entity.act?.("on", "rule key press")).advance(3_600_000);
		expect(output.last).toBe(true);
	});

	it("may switch on, within the limit", () => {
		const onLinkLost = { after: 5_000, go: "ON" } as const;
		const bench = new EntityBench(switchOn(output, { onLinkLost, maxOnMs: LIMIT_MS })).advance(5_000);
		expect(output.last).toBe(true);
		bench.advance(LIMIT_MS);
		expect(output.last).toBe(false);
	});
});

describe("closing a switch", () => {
	it("goes to the safe state and gives the pin back, even when it is stuck", () => {
		const bench = new EntityBench(switchOn(output));
		bench.call((entity) => entity.set?.("ON", "command"));
		bench.entity.close();
		expect(output).toMatchObject({ last: false, closed: 1 });
		output.failures = 1;
		expect(() => bench.entity.close()).toThrow("the output is stuck");
		expect(output.closed).toBe(2);
	});
});
