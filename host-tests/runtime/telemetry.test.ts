import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { Samples } from "../../firmware/runtime/samples.js";
import { fakeSensor, fakeSwitch } from "../model/parts.js";
import { plainText } from "../virtual/text.js";
import { Batch } from "./batch.js";

const device = defineDevice({
	name: "Test",
	entities: { pump: fakeSwitch({}), air: fakeSensor(["co2", "voc"]), noise: fakeSensor(["level"]) },
});
const AIR = 1;
const NOISE = 2;

function telemetryOf(of = device): Batch {
	return new Batch(of, plainText);
}

function textOf(batch: string | Uint8Array): string {
	return typeof batch === "string" ? batch : plainText.decode(batch, 0, batch.length);
}

describe("a telemetry batch", () => {
	it("holds its samples with their start, number, time and values", () => {
		const telemetry = telemetryOf();
		telemetry.begin(7, 0);
		expect(telemetry.add(1, undefined, AIR, new Float64Array([9, 1.234, 5]), 1)).toBe(true);
		expect(telemetry.add(2, 1_700_000_000_000, NOISE, new Float64Array([-0.5]), 0)).toBe(true);
		expect(textOf(telemetry.end())).toBe(
			'{"boot":7,"samples":[{"seq":1,"time":null,"values":{"air-co2":1.23,"air-voc":5}},' +
				'{"seq":2,"time":1700000000000,"values":{"noise":-0.5}}]}',
		);
		expect(telemetry.count).toBe(2);
	});

	it("is made of the oldest samples, and says when they waited in flash", () => {
		const samples = new Samples(device, 4);
		samples.boot = 3;
		samples.put(AIR, 100, [1.234, 5]);
		samples.put(NOISE, 200, [-0]);
		const telemetry = telemetryOf();
		expect(textOf(telemetry.fill(samples, 0))).toBe(
			'{"boot":3,"samples":[{"seq":1,"time":null,"values":{"air-co2":1.23,"air-voc":5}},' +
				'{"seq":2,"time":null,"values":{"noise":0}}]}',
		);
		expect(telemetry.count).toBe(2);
		samples.release(1);
		samples.originMs = 1e12;
		expect(textOf(telemetry.fill(samples, 40))).toBe(
			'{"boot":3,"backlog":40,"samples":[{"seq":2,"time":1000000000200,"values":{"noise":0}}]}',
		);
		const many = new Samples(device, 64);
		for (let i = 0; i < 64; i++) many.put(AIR, i, [1, 2]);
		const { samples: written } = JSON.parse(textOf(telemetry.fill(many, 0))) as { samples: unknown[] };
		expect(written.length).toBe(telemetry.count);
		expect(telemetry.count).toBeGreaterThan(3);
		expect(telemetry.count).toBeLessThan(30);
	});

	it("may be empty, and begins anew each time", () => {
		const telemetry = telemetryOf();
		telemetry.begin(1, 0);
		telemetry.add(1, 1, NOISE, new Float64Array([1]), 0);
		telemetry.begin(2, 0);
		expect(textOf(telemetry.end())).toBe('{"boot":2,"samples":[]}');
	});

	it("refuses the sample that does not fit, and is whole without it", () => {
		const values = fc.tuple(fc.double(), fc.double());
		fc.assert(
			fc.property(fc.array(values, { minLength: 60, maxLength: 60 }), (all) => {
				const telemetry = telemetryOf();
				telemetry.begin(2 ** 53 - 1, 0);
				const taken = all.findIndex((each, i) => !telemetry.add(i, i, AIR, new Float64Array(each), 0));
				expect(taken).toBeGreaterThan(3);
				expect(telemetry.count).toBe(taken);
				const bytes = telemetry.end();
				expect(bytes.length).toBeLessThanOrEqual(1_024);
				const { samples } = JSON.parse(textOf(bytes)) as { samples: { seq: number }[] };
				expect(samples.map(({ seq }) => seq)).toEqual(all.slice(0, taken).map((_, i) => i));
			}),
		);
	});

	it("has room for one sample of any sensor, however much it measures", () => {
		const names = Array.from({ length: 40 }, (_, i) => `measured-number-${i}`);
		const telemetry = telemetryOf(defineDevice({ name: "Large", entities: { all: fakeSensor(names) } }));
		telemetry.begin(2 ** 53 - 1, 0);
		const longest = new Float64Array(40).fill(-1.2345678901234567e300);
		expect(telemetry.add(2 ** 53 - 1, 2 ** 53 - 1, 0, longest, 0)).toBe(true);
		expect(JSON.parse(textOf(telemetry.end()))).toMatchObject({ samples: [{ seq: 2 ** 53 - 1 }] });
	});
});
