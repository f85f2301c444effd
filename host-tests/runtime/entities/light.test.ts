import { beforeEach, describe, expect, it } from "vitest";
import type { JsonValue } from "../../../firmware/model/document.js";
import { EntityBench } from "./bench.js";
import { FakeOutput, lightOn } from "./outputs.js";

let output: FakeOutput;
let bench: EntityBench;
beforeEach(() => {
	output = new FakeOutput();
	bench = new EntityBench(lightOn(output));
});

function set(value: JsonValue): string {
	expect(bench.entity.check?.(value)).toBeUndefined();
	bench.call((entity) => entity.set?.(value, "command"));
	return bench.entity.stateText(0);
}

function object(members: Record<string, JsonValue>): JsonValue {
	return new Map(Object.entries(members));
}

describe("a light", () => {
	it("keeps its brightness while it is off", () => {
		expect(bench.entity.stateText(0)).toBe('{"state":"OFF","brightness":100}');
		expect(set(40)).toBe('{"state":"ON","brightness":40}');
		expect(set("OFF")).toBe('{"state":"OFF","brightness":40}');
		expect(set("TOGGLE")).toBe('{"state":"ON","brightness":40}');
		expect(set(0)).toBe('{"state":"OFF","brightness":40}');
		expect(set(object({ state: "OFF", brightness: 70 }))).toBe('{"state":"OFF","brightness":70}');
		expect(set(object({ state: true }))).toBe('{"state":"ON","brightness":70}');
		expect(set(object({ brightness: 20.4 }))).toBe('{"state":"ON","brightness":20}');
		expect(set(-0)).toBe('{"state":"OFF","brightness":20}');
		expect(output.written).toEqual([0.4, 0, 0.4, 0, 0, 0.7, 0.2, 0]);
	});

	it.each<JsonValue>([
		101,
		-1,
		Number.NaN,
		1e308,
		"bright",
		null,
		[],
		object({}),
		object({ state: null }),
		object({ brightness: null }),
		object({ state: "ON", brightness: "40" }),
		object({ state: "DIM" }),
		object({ state: "ON", color: "red" }),
		object({ ["__proto__" as string]: 1 }),
	])("refuses %j and stays as it is", (value) => {
		expect(bench.entity.check?.(value)).toContain("the value must be ON, OFF, TOGGLE, a brightness from 0 to 100");
		expect(output.written).toEqual([]);
	});

	it("follows rules, and tells each change with its reason", () => {
		bench.call((entity) => entity.act?.("on", "rule key hold"));
		bench.call((entity) => entity.act?.("on", "rule key hold"));
		bench.call((entity) => entity.act?.("toggle", "rule key press"));
		expect(bench.events).toEqual([
			{ entity: "part", event: "changed", to: { state: "ON", brightness: 100 }, why: "rule key hold" },
			{ entity: "part", event: "changed", to: { state: "OFF", brightness: 100 }, why: "rule key press" },
		]);
		expect(bench.states).toEqual([0, 0]);
	});

	it("has not changed when its output fails", () => {
		output.failures = 1;
		expect(() => bench.entity.set?.("ON", "command")).toThrow("the output is stuck");
		expect(bench.entity.stateText(0)).toBe('{"state":"OFF","brightness":100}');
		expect(bench.events).toEqual([]);
	});

	it("blinks to identify itself, and is then what it was, with nothing to tell", () => {
		set(30);
		output.written.length = 0;
		const told = bench.events.length;
		bench.call((entity) => entity.identify?.(bench.board.clock.monotonicMs())).advance(10_000);
		expect(output.written).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0.3]);
		expect(bench.events).toHaveLength(told);
	});

	it("stops blinking when somebody switches it", () => {
		bench.call((entity) => entity.identify?.(bench.board.clock.monotonicMs())).advance(1_200);
		set(50);
		bench.advance(10_000);
		expect(output.last).toBe(0.5);
		expect(output.written.slice(-2)).toEqual([0.5, 0.5]);
	});

	it("is dark when it is closed, and gives its pin back even when it is stuck", () => {
		set("ON");
		bench.entity.close();
		expect(output).toMatchObject({ last: 0, closed: 1 });
		output.failures = 1;
		expect(() => bench.entity.close()).toThrow("the output is stuck");
		expect(output.closed).toBe(2);
	});
});
