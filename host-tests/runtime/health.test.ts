import { describe, expect, it } from "vitest";
import reference from "../../firmware/device.js";
import { describeEntities } from "../../firmware/model/describe.js";
import type { Link } from "../../firmware/net/link.js";
import type { Board } from "../../firmware/ports/board.js";
import { type HealthCounts, healthJson } from "../../firmware/runtime/health.js";
import type { Running } from "../../firmware/runtime/run.js";
import { VERSION } from "../../firmware/runtime/version.js";
import { DeviceRig, type RigOptions } from "./rig.js";

/** As much of a certificate as tells when it ends: 2028-01-15, a year after the moment of these tests. */
const TIMES = "170d3237303131353038303030305a170d3238303131353038303030305a";
const ROOT = Uint8Array.from(Buffer.from(`3029302702010030003000301e${TIMES}`, "hex"));

function health(options: RigOptions = {}, prepare: (rig: DeviceRig) => void = () => undefined) {
	const rig = new DeviceRig(options);
	prepare(rig);
	return { rig: rig.start(), health: rig.health() as unknown };
}

describe("health", () => {
	it("tells how the device is", () => {
		const { health: told } = health({}, (rig) => rig.advance(7_000));
		expect(told).toMatchObject({
			uptimeS: 10,
			reset: "power",
			target: "virtual",
			farpin: VERSION,
			link: { state: "online", connects: 1, failures: 0, lastError: null },
			signalDbm: -60,
			freeBytes: 100_000,
			clock: "known",
			outbox: { dropped: 0 },
			refused: 0,
			faults: 0,
			stale: [],
		});
	});

	it("counts the days that certificates have left, where there are any", () => {
		const { rig } = health();
		const nowMs = 1_800_000_000_000;
		const board = {
			clock: { monotonicMs: () => 0, wallMs: () => nowMs },
			network: { trustEndsMs: nowMs + 20.5 * 86_400_000 },
		};
		const told = (tls: object | undefined, more: object = {}) => {
			const link = {
				state: "online",
				sinceMs: 0,
				connects: 0,
				failures: 0,
				failuresIn: () => 0,
				brokers: { index: 0, address: { tls } },
			};
			const { outbox } = rig.running as Running;
			const counts = { outbox, refused: 0, faults: 0, stale: [] };
			const whole = { ...board, target: "virtual", freeBytes: () => 1, ...more } as unknown as Board;
			return JSON.parse(healthJson(whole, link as unknown as Link, counts as unknown as HealthCounts)) as object;
		};
		expect(told({ roots: [ROOT, Uint8Array.of(1)] })).toMatchObject({ chainDays: 20, rootDays: 365 });
		expect(told({ roots: [] }, { network: {} })).toMatchObject({ chainDays: null, rootDays: null });
		expect(Object.keys(told(undefined))).not.toContain("rootDays");
		const unknown = { clock: { monotonicMs: () => 0, wallMs: () => undefined } };
		expect(Object.keys(told({ roots: [ROOT] }, unknown))).not.toContain("rootDays");
	});

	it("says so where the board cannot tell, or the time is not known", () => {
		const { health: told } = health({}, ({ board }) => {
			board.network.signalDbm = undefined;
			board.free = undefined;
			board.internet.names.delete("pool.ntp.org");
		});
		expect(told).toMatchObject({ signalDbm: null, freeBytes: null, clock: "unknown" });
	});

	it("counts connections and tells what the last failure was, whatever characters it holds", () => {
		const { rig } = health();
		const { streams } = rig.board.network;
		streams[0]?.reset('a "quoted"\nreason');
		rig.advance(60_000);
		const { link } = rig.health();
		expect(link).toMatchObject({ state: "online", connects: 2, failures: 1 });
		expect(link.lastError).toContain('a "quoted"\nreason');
	});

	it("names the sensors that do not answer, and counts their faults", () => {
		const { rig } = health();
		rig.air.silent = true;
		rig.advance(30_000);
		expect(rig.health()).toMatchObject({ faults: 1, stale: ["air"] });
		rig.air.silent = false;
		rig.advance(30_000);
		expect(rig.health()).toMatchObject({ faults: 1, stale: [] });
	});

	it("comes once a minute by itself, retained", () => {
		const { rig } = health();
		const from = rig.seen.length;
		rig.advance(600_000);
		const told = rig.seen.slice(from).filter(({ topic }) => topic === "health");
		expect([told.length, told.every(({ retain }) => retain)]).toEqual([10, true]);
	});

	it("keeps counting while a device without flash for it is away", () => {
		const rig = new DeviceRig();
		rig.board.segments = undefined;
		rig.start();
		rig.board.network.cut();
		rig.advance(20 * 60_000).board.network.restore();
		rig.advance(60_000);
		const { outbox } = rig.health();
		const produced = Math.max(...rig.samples.map(({ seq }) => seq)) + outbox.waiting;
		expect(new Set(rig.samples.map(({ seq }) => seq)).size + outbox.waiting + outbox.dropped).toBe(produced);
		expect(outbox.dropped).toBeGreaterThan(0);
	});
});

describe("about", () => {
	it("tells enough for a program that has never seen the device", () => {
		const { rig } = health();
		expect(rig.json("about")[0]).toEqual({
			id: "greenhouse",
			name: "Greenhouse",
			farpin: VERSION,
			contract: 1,
			encoding: "json",
			target: "virtual",
			telemetryMs: 10_000,
			entities: JSON.parse(JSON.stringify(describeEntities(reference.parts))),
		});
	});
});
