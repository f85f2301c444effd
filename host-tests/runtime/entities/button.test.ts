import { beforeEach, describe, expect, it } from "vitest";
import { button } from "../../../firmware/model/inputs.js";
import { EntityBench } from "./bench.js";
import { FakeInput } from "./inputs.js";

let input: FakeInput;
let bench: EntityBench;
beforeEach(() => {
	input = new FakeInput();
	bench = new EntityBench(input.button());
});

function press(ms: number): void {
	bench.call(() => input.change(true)).advance(ms);
	bench.call(() => input.change(false)).advance(100);
}

describe("a button", () => {
	it("tells a press when it ends, and a hold while it lasts; the rules come first", () => {
		bench.onTrigger = () => expect(bench.events).toHaveLength(bench.triggers.length - 1);
		press(100);
		expect(bench.triggers).toEqual(["part press"]);
		press(2_000);
		expect(bench.triggers).toEqual(["part press", "part hold"]);
		expect(bench.events).toEqual([
			{ entity: "part", event: "press" },
			{ entity: "part", event: "hold" },
		]);
		expect(bench.panics).toEqual([]);
	});

	it("that is down at the start was pressed by nobody", () => {
		input = new FakeInput();
		input.level = true;
		bench = new EntityBench(input.button()).advance(5_000);
		bench.call(() => input.change(false)).advance(100);
		expect(bench.triggers).toEqual([]);
		press(100);
		expect(bench.triggers).toEqual(["part press"]);
	});

	it("held while its rule throws is pressed once, and not again when it bounces", () => {
		bench.onTrigger = () => {
			throw new Error("rule");
		};
		bench.call(() => input.change(true)).advance(5_000);
		bench.call(() => input.change(true)).advance(1_000);
		bench.call(() => input.change(false)).advance(1_000);
		expect(bench.triggers).toEqual(["part hold"]);
	});

	it("does over MQTT what it does by hand", () => {
		for (const value of ["PRESS", "HOLD"]) {
			expect(bench.entity.check?.(value)).toBeUndefined();
			bench.call((entity) => entity.set?.(value, "command"));
		}
		expect(bench.triggers).toEqual(["part press", "part hold"]);
		for (const value of ["press", "ON", true, 1, null, ""])
			expect(bench.entity.check?.(value)).toBe("the value must be PRESS or HOLD");
	});

	it("may have no pin", () => {
		const remote = new EntityBench(button());
		remote.call((entity) => entity.set?.("PRESS", "command")).advance(60_000);
		expect(remote.triggers).toEqual(["part press"]);
		remote.entity.close();
		expect(remote.entity.stateText(0)).toBe("");
	});

	it("gives its pin back", () => {
		bench.entity.close();
		expect(input.closed).toBe(1);
	});
});
