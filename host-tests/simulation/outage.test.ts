import { describe, expect, it } from "vitest";
import { analogInput } from "../../firmware/drivers/analog-input.js";
import { defineDevice } from "../../firmware/model/device.js";
import { percent } from "../../firmware/model/quantity.js";
import { seconds } from "../../firmware/model/units.js";
import { DeviceRig } from "../runtime/rig.js";
import { VirtualFlash } from "../virtual/flash.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STORED_SAMPLES = 10_000;

const device = defineDevice({
	name: "Greenhouse",
	entities: { soil: analogInput({ pin: 34, as: percent(), every: seconds(1) }) },
});

/** Boot and number of every sample the broker got, in order of arrival; those that waited in flash, and the others. */
function arrivals(rig: DeviceRig): { readonly live: string[]; readonly stored: string[] } {
	const live: string[] = [];
	const stored: string[] = [];
	for (const { boot, backlog, samples } of rig.json("telemetry")) {
		const list = backlog === undefined ? live : stored;
		for (const { seq } of samples as { seq: number }[]) list.push(`${boot}/${seq}`);
	}
	return { live, stored };
}

function numbers(boot: number, from: number, to: number): string[] {
	return Array.from({ length: to - from + 1 }, (_, i) => `${boot}/${from + i}`);
}

describe("an outage", () => {
	it(`of ${STORED_SAMPLES} samples ends with every one at the broker, in order, beside live data`, () => {
		const rig = new DeviceRig({ device });
		rig.board.segments = new VirtualFlash(64, 4_096);
		rig.pin("soil").fraction = 0.5;
		rig.start(30_000);
		rig.board.network.cut();
		rig.advance(STORED_SAMPLES * 1_000);
		const { telemetry } = rig.running?.outbox ?? {};
		expect(telemetry?.waiting).toBeGreaterThanOrEqual(STORED_SAMPLES);
		expect(telemetry?.dropped).toBe(0);
		rig.board.network.restore();
		rig.advance(120_000);
		const from = arrivals(rig);
		expect(from.live.length).toBeGreaterThan(60); // live data does not wait for what is old
		expect(from.stored.length).toBeGreaterThan(1_000);
		const drainMs = untilDrained(rig);
		const { live, stored } = arrivals(rig);
		expect(stored).toEqual([...stored].sort((a, b) => Number(a.slice(2)) - Number(b.slice(2))));
		const all = [...live, ...stored].map((sample) => Number(sample.slice(2))).sort((a, b) => a - b);
		expect(all).toEqual(Array.from({ length: all.length }, (_, i) => i + 1)); // not one is missing, and none came twice
		expect(rig.running?.outbox.telemetry).toMatchObject({ stored: 0, dropped: 0 });
		console.log(
			`${stored.length} samples out of flash drained in ${Math.round(120 + drainMs / 1_000)} s, live data beside them.`,
		);
	});

	it("of a day loses nothing, and wears the flash by less than one erase of each segment", () => {
		const rig = new DeviceRig();
		const flash = new VirtualFlash(64, 4_096);
		rig.board.segments = flash;
		rig.start();
		rig.board.network.cut();
		rig.advance(DAY_MS);
		const { writes, bytesWritten } = flash;
		const { telemetry } = rig.running?.outbox ?? {};
		const produced = (telemetry?.waiting ?? 0) + (telemetry?.dropped ?? 0);
		const erasesBefore = flash.erases.reduce((sum, count) => sum + count, 0);
		rig.advance(DAY_MS / 2);
		const erases = 2 * (flash.erases.reduce((sum, count) => sum + count, 0) - erasesBefore);
		expect(produced).toBeGreaterThan(17_000);
		expect(telemetry?.dropped).toBe(0);
		expect(erases / 64).toBeLessThan(1);
		expect(writes).toBeLessThan(2_000);
		console.log(
			`A day offline: ${produced} samples, ${writes} writes, ${Math.round(bytesWritten / 1_000)} kB (${(bytesWritten / produced).toFixed(1)} bytes a sample), ` +
				`${(erases / 64).toFixed(2)} erases of each segment; ${telemetry?.stored} stored, ${telemetry?.dropped} dropped.`,
		);
	});

	it("with a power cut in the middle costs what was not in flash yet, and says that there was one", () => {
		const rig = new DeviceRig({ device });
		rig.pin("soil").fraction = 0.5;
		rig.start(10_000);
		rig.board.network.cut();
		rig.advance(200_000);
		const stored = rig.running?.outbox.telemetry.stored ?? 0;
		rig.board.onRestart = () => rig.start(0);
		rig.board.reset("power");
		rig.board.network.restore();
		rig.advance(120_000);
		const found = arrivals(rig);
		const first = found.stored.filter((sample) => sample.startsWith("1/"));
		expect(first).toHaveLength(stored);
		const begin = Number(first[0]?.slice(2));
		expect(first).toEqual(numbers(1, begin, begin + stored - 1));
		expect(found.live.some((sample) => sample.startsWith("2/"))).toBe(true);
		expect(rig.running?.outbox).toMatchObject({ cuts: 1, telemetry: { dropped: 0, stored: 0 } });
	});

	it("with a restart in the middle costs nothing", () => {
		const rig = new DeviceRig({ device });
		rig.pin("soil").fraction = 0.5;
		rig.start(10_000);
		rig.board.network.cut();
		rig.advance(90_500);
		rig.running?.stop();
		rig.board.reset("restart");
		rig.board.network.restore();
		rig.advance(120_000);
		const { live, stored } = arrivals(rig);
		const first = [...live, ...stored]
			.filter((sample) => sample.startsWith("1/"))
			.map((sample) => Number(sample.slice(2)));
		expect(first.sort((a, b) => a - b)).toEqual(Array.from({ length: first.length }, (_, i) => i + 1));
		expect(first.length).toBeGreaterThanOrEqual(99);
		expect(rig.running?.outbox).toMatchObject({ cuts: 0, telemetry: { dropped: 0, stored: 0 } });
	});

	it("keeps events in order, the first one first", () => {
		const rig = new DeviceRig();
		rig.start();
		rig.board.network.cut();
		for (let i = 0; i < 30; i++) rig.press("key").advance(7_000);
		expect(rig.running?.outbox.event.stored).toBeGreaterThan(20);
		rig.board.network.restore();
		rig.advance(180_000);
		const seqs = rig.json("event").map(({ seq }) => Number(seq));
		expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => i + 1));
		expect(rig.json("event").filter(({ event }) => event === "press")).toHaveLength(30);
		expect(rig.json("event").every(({ time }) => typeof time === "number")).toBe(true);
		expect(rig.running?.outbox.event).toEqual({ waiting: 0, stored: 0, dropped: 0 });
	});
});

/** Advances until nothing is left in flash; returns how long that took. */
function untilDrained(rig: DeviceRig): number {
	let ms = 0;
	for (; (rig.running?.outbox.telemetry.stored ?? 0) > 0 && ms < HOUR_MS; ms += 1_000) rig.advance(1_000);
	rig.advance(15_000);
	return ms;
}
