import fc from "fast-check";
import { describe, expect, it } from "vitest";
import reference from "../../firmware/device.js";
import { defineDevice } from "../../firmware/model/device.js";
import { Packer, Unpacker } from "../../firmware/runtime/packing.js";
import { deviceMark, RECORD_SAMPLES_MAX, readSamples, writeSamples } from "../../firmware/runtime/sample-record.js";
import { Samples } from "../../firmware/runtime/samples.js";
import { fakeSensor } from "../model/parts.js";
import { plainText } from "../virtual/text.js";
import { Batch } from "./batch.js";

const device = defineDevice({
	name: "Test",
	entities: { air: fakeSensor(["co2", "voc"]), noise: fakeSensor(["level"]) },
});
const MARK = deviceMark(device);

/** The samples as they come back, and what they took in flash. */
function through(samples: Samples, of = device): { back: Samples; count: number; bytes: number } {
	const packer = new Packer(new Uint8Array(1_024));
	const mark = deviceMark(of);
	const count = writeSamples(samples, of, mark, packer);
	const back = new Samples(of, RECORD_SAMPLES_MAX);
	expect(readSamples(back, of, mark, new Unpacker(packer.bytes, 0, packer.length))).toBe(true);
	return { back, count, bytes: packer.length };
}

/** The oldest sample as it goes on the wire. */
function batch(samples: Samples): string {
	const first = new Samples(device, 1);
	first.boot = samples.boot;
	first.firstSeq = samples.firstSeq;
	first.originMs = samples.originMs;
	const at = samples.valuesAt(0);
	first.put(samples.partIndex(0), samples.atMs(0), samples.numbers.subarray(at, at + 2));
	const telemetry = new Batch(device, plainText);
	const written = telemetry.fill(first, 1);
	expect(telemetry.count).toBe(1);
	return String(written);
}

describe("samples in flash", () => {
	it("property: say the same on the wire when they come back", () => {
		const value = fc.oneof(
			fc.double({ noNaN: true, noDefaultInfinity: true }),
			fc.integer(),
			fc.double({ min: -100, max: 100, noNaN: true }),
		);
		const sample = fc.record({ part: fc.nat(1), passedMs: fc.nat(1e7), values: fc.tuple(value, value) });
		const origin = fc.option(fc.integer({ min: 1, max: 2e12 }), { nil: undefined });
		fc.assert(
			fc.property(
				fc.array(sample, { minLength: 1, maxLength: 60 }),
				origin,
				fc.maxSafeNat(),
				(list, originMs, boot) => {
					const samples = new Samples(device, 64);
					samples.boot = boot;
					samples.firstSeq = 1 + (boot % 1e9);
					samples.originMs = originMs;
					let atMs = boot % 1e10;
					for (const { part, passedMs, values } of list) {
						atMs += passedMs;
						samples.put(part, atMs, part === 0 ? values : [values[0]]);
					}
					const { back, count } = through(samples);
					expect(count).toBeGreaterThan(0);
					expect(back.count).toBe(count);
					while (back.count > 0) {
						expect(batch(back)).toBe(batch(samples));
						back.release(1);
						samples.release(1);
					}
				},
			),
		);
	});

	it("take some ten bytes each", () => {
		const samples = new Samples(reference, 64);
		samples.originMs = 1.79e12;
		samples.boot = 40;
		samples.firstSeq = 20_000;
		for (let i = 0; i < 12; i += 2) {
			samples.put(
				reference.parts.findIndex(({ key }) => key === "air"),
				5e8 + i * 5_000,
				[21.47, 45.2, 1_013.3],
			);
			samples.put(
				reference.parts.findIndex(({ key }) => key === "soil"),
				5e8 + i * 5_000,
				[50],
			);
		}
		const { count, bytes } = through(samples, reference);
		console.log(
			`${count} samples of the reference device take ${bytes} bytes in flash, ${(bytes / count).toFixed(1)} each.`,
		);
		expect(count).toBe(12);
		expect(bytes / count).toBeLessThan(12);
	});

	it("are not taken for samples of a device that measures something else", () => {
		const samples = new Samples(device, 4);
		samples.put(0, 1, [2, 3]);
		const packer = new Packer(new Uint8Array(1_024));
		writeSamples(samples, device, MARK, packer);
		const marks = [
			defineDevice({ name: "Test", entities: { air: fakeSensor(["co2", "voc"]) } }),
			defineDevice({ name: "Test", entities: { air: fakeSensor(["voc", "co2"]), noise: fakeSensor(["level"]) } }),
			reference,
		].map(deviceMark);
		for (const mark of marks)
			expect(readSamples(samples, device, mark, new Unpacker(packer.bytes, 0, packer.length))).toBe(false);
		expect(
			deviceMark(
				defineDevice({
					name: "Other",
					entities: { air: fakeSensor(["co2", "voc"]), noise: fakeSensor(["level"]) },
				}),
			),
		).toBe(MARK);
	});

	it("property: whatever else is there is refused, or read within bounds", () => {
		const samples = new Samples(device, RECORD_SAMPLES_MAX);
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
				const packer = new Packer(new Uint8Array(400));
				packer.whole(MARK);
				packer.raw(noise);
				readSamples(samples, device, MARK, new Unpacker(packer.bytes, 0, packer.length));
				expect(samples.count).toBeLessThanOrEqual(RECORD_SAMPLES_MAX);
			}),
		);
	});
});
