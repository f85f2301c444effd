import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { Outbox, SAMPLES_MAX } from "../../firmware/runtime/outbox.js";
import { documentWriter, TelemetryWriter } from "../../firmware/runtime/telemetry.js";
import { fakeSensor, fakeSwitch } from "../model/parts.js";
import { VirtualBoard } from "../virtual/board.js";

const device = defineDevice({
	name: "Test",
	entities: { pump: fakeSwitch({}), air: fakeSensor(["co2", "voc"]), noise: fakeSensor(["level"]) },
});
const AIR = 1;
const NOISE = 2;

let outbox: Outbox;
let board: VirtualBoard;
let telemetry: TelemetryWriter;
beforeEach(() => {
	outbox = new Outbox(device);
	board = new VirtualBoard();
	telemetry = new TelemetryWriter(device, documentWriter(device, board.text), board.text);
});

function put(count: number): void {
	for (let i = 0; i < count; i++) outbox.put(NOISE, i, new Float64Array([outbox.nextSeq % 10]));
}

function batchEnd(boot = 3): number {
	return outbox.fill(telemetry, boot, board.clock);
}

function batch(): { boot: number; samples: { seq: number; time: unknown; values: object }[] } {
	const endSeq = batchEnd();
	const bytes = telemetry.end();
	const read = JSON.parse(board.text.decode(bytes, 0, bytes.length)) as ReturnType<typeof batch>;
	expect(read.samples.at(-1)?.seq).toBe(endSeq - 1);
	return read;
}

describe("the outbox", () => {
	it("makes a batch of what every sensor measured", () => {
		outbox.put(AIR, 100, new Float64Array([1.234, 5]));
		outbox.put(NOISE, 200, new Float64Array([-0]));
		expect(batch()).toEqual({
			boot: 3,
			samples: [
				{ seq: 1, time: null, values: { "air-co2": 1.23, "air-voc": 5 } },
				{ seq: 2, time: null, values: { noise: 0 } },
			],
		});
	});

	it("works out the time of what was measured before the date was known", () => {
		outbox.put(NOISE, 1_000, new Float64Array([1]));
		board.world.advance(60_000);
		board.clock.setWallMs(board.world.trueMs);
		expect(batch().samples[0]?.time).toBe(board.world.beginMs + 1_000);
	});

	it("keeps a batch well below the largest packet, and never makes an empty one", () => {
		put(SAMPLES_MAX);
		const endSeq = batchEnd(2 ** 50);
		expect(endSeq).toBeGreaterThan(1);
		expect(telemetry.end().length).toBeLessThan(1_200);
		outbox.delivered(1, endSeq);
		expect(outbox.firstSeq).toBe(endSeq);
	});

	it("drops the oldest when it is full, and says so", () => {
		put(SAMPLES_MAX + 3);
		expect([outbox.count, outbox.dropped, outbox.firstSeq]).toEqual([SAMPLES_MAX, 3, 4]);
		expect(batch().samples[0]).toEqual({ seq: 4, time: null, values: { noise: 4 } });
	});

	it("releases what was on its way, not what took its place", () => {
		put(SAMPLES_MAX);
		const endSeq = batchEnd();
		put(5); // replaces the first five of the batch
		outbox.delivered(1, endSeq);
		expect([outbox.firstSeq, outbox.count]).toEqual([endSeq, SAMPLES_MAX + 6 - endSeq]);
		expect(outbox.dropped).toBe(0); // the five were not lost after all
	});

	it("counts those as lost that were replaced beyond the batch", () => {
		put(SAMPLES_MAX);
		const endSeq = batchEnd();
		put(endSeq + 9);
		outbox.delivered(1, endSeq);
		expect(outbox.dropped).toBe(10);
		expect(outbox.count).toBe(SAMPLES_MAX);
	});

	it("counts what the broker refuses as lost", () => {
		put(10);
		outbox.refused(6);
		expect([outbox.firstSeq, outbox.count, outbox.dropped]).toEqual([6, 5, 5]);
	});

	it("takes an old acknowledgement for nothing", () => {
		put(10);
		outbox.delivered(1, 6);
		outbox.delivered(6, 6);
		expect([outbox.firstSeq, outbox.count, outbox.dropped]).toEqual([6, 5, 0]);
	});

	it("property: produced = received + waiting + dropped, and what is received has no gap but the dropped", () => {
		const steps = fc.array(fc.oneof(fc.nat(40), fc.constantFrom("send", "taken", "refused", "lost")), {
			maxLength: 80,
		});
		fc.assert(
			fc.property(steps, (history) => {
				outbox = new Outbox(device);
				const received = new Set<number>();
				let produced = 0;
				let flight: { from: number; end: number } | undefined;
				for (const step of history) {
					if (typeof step === "number") {
						put(step);
						produced += step;
					} else if (step === "send") {
						if (flight === undefined && outbox.count > 0) flight = { from: outbox.firstSeq, end: batchEnd() };
					} else if (flight !== undefined) {
						const { from, end } = flight;
						if (step === "taken") {
							for (let seq = from; seq < end; seq++) received.add(seq);
							outbox.delivered(from, end);
						} else if (step === "refused") outbox.refused(end);
						flight = undefined;
					}
					if (flight === undefined) expect(received.size + outbox.count + outbox.dropped).toBe(produced);
					expect(outbox.nextSeq).toBe(produced + 1);
					expect(outbox.count).toBeLessThanOrEqual(SAMPLES_MAX);
				}
			}),
		);
	});
});
