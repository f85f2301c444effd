import { beforeEach, describe, expect, it } from "vitest";
import { EntityBench } from "./bench.js";
import { FakeInput } from "./inputs.js";

let input: FakeInput;
beforeEach(() => {
	input = new FakeInput();
});

describe("a binary sensor", () => {
	it("shows what it finds, and tells nobody that it changed", () => {
		input.level = true;
		const bench = new EntityBench(input.contact()).advance(1_000);
		expect(bench.entity.stateText(0)).toBe("ON");
		expect([bench.states, bench.triggers]).toEqual([[], []]);
	});

	it("changes when a level has lasted, and runs the rules once", () => {
		const bench = new EntityBench(input.contact());
		for (const level of [true, false, true]) bench.call(() => input.change(level)).advance(10);
		bench.advance(19);
		expect(bench.entity.stateText(0)).toBe("OFF");
		bench.advance(1);
		expect(bench.entity.stateText(0)).toBe("ON");
		bench.call(() => input.change(false)).advance(30);
		expect(bench.states).toEqual([0, 0]);
		expect(bench.triggers).toEqual(["part on", "part off"]);
	});

	it("goes on when the pin cannot be read once", () => {
		const bench = new EntityBench(input.contact());
		input.broken = true;
		expect(() => input.change(true)).toThrow("the pin cannot be read");
		input.broken = false;
		bench.call(() => input.change(true)).advance(30);
		expect(bench.entity.stateText(0)).toBe("ON");
	});

	it("stays what it is when what it sets off throws", () => {
		const bench = new EntityBench(input.contact());
		bench.onTrigger = () => {
			throw new Error("rule");
		};
		bench.call(() => input.change(true)).advance(60_000);
		expect(bench.entity.stateText(0)).toBe("ON");
		expect(bench.panics).toHaveLength(1);
		expect(bench.triggers).toEqual(["part on"]);
	});

	it("gives its pin back", () => {
		new EntityBench(input.contact()).entity.close();
		expect(input.closed).toBe(1);
	});
});
