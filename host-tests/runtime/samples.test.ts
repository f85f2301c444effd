import { beforeEach, describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { Samples } from "../../firmware/runtime/samples.js";
import { fakeSensor, fakeSwitch } from "../model/parts.js";

const device = defineDevice({
	name: "Test",
	entities: { pump: fakeSwitch({}), air: fakeSensor(["co2", "voc"]), noise: fakeSensor(["level"]) },
});

let samples: Samples;
beforeEach(() => {
	samples = new Samples(device, 4);
});

function value(index: number, offset: number): number | undefined {
	return samples.numbers[samples.valuesAt(index) + offset];
}

describe("samples in memory", () => {
	it("keep what was put, oldest first, with numbers that follow one another", () => {
		samples.put(1, 100, [1.5, -2]);
		samples.put(2, 200, [7]);
		expect([samples.count, samples.firstSeq, samples.nextSeq, samples.isFull]).toEqual([2, 1, 3, false]);
		expect([samples.partIndex(0), samples.atMs(0), value(0, 0), value(0, 1)]).toEqual([1, 100, 1.5, -2]);
		expect([samples.partIndex(1), samples.atMs(1), value(1, 0)]).toEqual([2, 200, 7]);
	});

	it("go round in the same memory", () => {
		for (let i = 1; i <= 11; i++) {
			if (samples.isFull) samples.release(1);
			samples.put(2, i, [i * 10]);
		}
		expect([samples.firstSeq, samples.nextSeq]).toEqual([8, 12]);
		expect([0, 1, 2, 3].map((i) => value(i, 0))).toEqual([80, 90, 100, 110]);
	});
});
