import { describe, expect, it } from "vitest";
import { number } from "../../../firmware/model/number.js";
import { storeKeyOf } from "../../../firmware/runtime/entities/number.js";
import { VirtualBoard } from "../../virtual/board.js";
import { EntityBench } from "./bench.js";

const target = number({ min: 5, max: 35, step: 0.5, unit: "°C", initial: 20 });
const KEY = storeKeyOf("part");

function set(bench: EntityBench, value: number): EntityBench {
	return bench.call((entity) => entity.set?.(value, "command"));
}

/** The same device after a restart: the same flash, everything else new. */
function restarted(bench: EntityBench, definition = target): EntityBench {
	bench.board.reset("restart");
	return new EntityBench(definition, bench.board);
}

describe("a number", () => {
	it("has its initial value, and takes others on its grid", () => {
		const bench = new EntityBench(target);
		expect(bench.entity.stateText(0)).toBe("20");
		set(bench, 21.3);
		expect(bench.entity.stateText(0)).toBe("21.5");
		set(bench, 21.4);
		expect(bench.states).toEqual([0]);
	});

	it.each([4.9, 35.1, 1e308, Number.NaN, "20", true, null, [20], new Map()])("refuses %j", (value) => {
		const { entity } = new EntityBench(target);
		expect(entity.check?.(value)).toBe("the value must be a number from 5 to 35 °C");
	});

	it("survives a restart", () => {
		const bench = set(new EntityBench(target), 22.5);
		expect(restarted(bench).entity.stateText(0)).toBe("22.5");
	});

	it("survives it to the last digit, whatever its grid", () => {
		const definition = number({ min: 0.25, max: 2.25, step: 0.5 });
		const bench = set(new EntityBench(definition), 1.25);
		expect(restarted(bench, definition).entity.stateText(0)).toBe("1.25");
	});

	it.each(["", "warm", "1e308", "-3", "NaN"])("has its initial value when the flash says %j", (text) => {
		const board = new VirtualBoard();
		board.store.set(KEY, text);
		expect(new EntityBench(target, board).entity.stateText(0)).toBe("20");
	});

	it("has its initial value when the flash cannot be read, and works", () => {
		const board = new VirtualBoard();
		board.store.get = () => {
			throw new Error("flash is broken");
		};
		const bench = new EntityBench(target, board);
		set(bench, 21);
		expect(bench.entity.stateText(0)).toBe("21");
		expect(bench.panics).toEqual([]);
	});
});

describe("the flash", () => {
	it("is written once a minute at most, with the value of the moment", () => {
		const bench = new EntityBench(target);
		for (let i = 0; i < 600; i++) set(bench, 5 + ((i * 7) % 59) / 2).advance(1_000);
		expect(bench.board.store.writes).toBeGreaterThanOrEqual(9);
		expect(bench.board.store.writes).toBeLessThanOrEqual(11);
		bench.advance(60_000);
		expect(bench.board.store.get(KEY)).toBe(bench.entity.stateText(0));
	});

	it("is not written for a value that is there already", () => {
		const bench = set(new EntityBench(target), 21).advance(1_000);
		set(bench, 25);
		set(bench, 21).advance(120_000);
		expect(bench.board.store.writes).toBe(1);
	});

	it("has the last value when the device stops before its minute is over", () => {
		const bench = set(new EntityBench(target), 21).advance(1_000);
		set(bench, 25);
		bench.entity.close();
		expect(bench.board.store.get(KEY)).toBe("25");
	});

	it("that fails is told, and tried again a minute later, not every second", () => {
		const bench = new EntityBench(target);
		let attempts = 0;
		const { set: write } = bench.board.store;
		bench.board.store.set = (key, value) => {
			attempts++;
			if (attempts < 3) throw new Error("flash is full");
			write.call(bench.board.store, key, value);
		};
		set(bench, 21).advance(59_000);
		expect(attempts).toBe(1);
		bench.advance(61_000);
		expect(attempts).toBe(3);
		expect(bench.events[0]).toMatchObject({ event: "fault", reason: "the value could not be stored: flash is full" });
		expect(bench.panics).toEqual([]);
		expect(bench.board.store.get(KEY)).toBe("21");
	});

	it("knows a number by a key that fits, and another for every name", () => {
		const keys = new Set<string>();
		for (let i = 0; i < 1_000; i++) keys.add(storeKeyOf(`a-rather-long-name-of-a-number-${i}`));
		expect(keys.size).toBe(1_000);
		for (const key of keys) expect(key.length).toBeLessThanOrEqual(15);
	});
});
