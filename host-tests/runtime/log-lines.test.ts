import { beforeEach, describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { LogLines } from "../../firmware/runtime/log-lines.js";
import { fakeSensor } from "../model/parts.js";
import { DeviceRig } from "./rig.js";

function keptBy(lines: LogLines): string[] {
	const kept: string[] = [];
	for (let line = lines.first(); line !== undefined; line = lines.first()) {
		kept.push(line.payload);
		lines.sent();
	}
	return kept;
}

describe("lines of the log", () => {
	it("are kept from the level on that is asked for, in order, with their start and a number", () => {
		const lines = new LogLines(3);
		lines.put("before", "error", 1);
		lines.level = "warning";
		lines.put('a "fault"', "error", 2);
		lines.put("all is well", "info", 3);
		lines.put("not so well", "warning", 4);
		expect([lines.waiting, lines.first()?.atMs]).toEqual([2, 2]);
		expect(keptBy(lines)).toEqual([
			'{"boot":3,"seq":1,"level":"error","line":"a \\"fault\\""',
			'{"boot":3,"seq":2,"level":"warning","line":"not so well"',
		]);
	});

	it("give way to newer ones, which is counted and seen in their numbers", () => {
		const lines = new LogLines(1);
		lines.level = "info";
		for (let n = 0; n < 40; n++) lines.put(`line ${n}`, "info", n);
		expect([lines.waiting, lines.dropped]).toEqual([32, 8]);
		expect(lines.first()?.payload).toContain('"seq":9,"level":"info","line":"line 8"');
	});
});

describe("the log of a device", () => {
	let rig: DeviceRig;
	beforeEach(() => {
		rig = new DeviceRig();
	});

	const lines = () => rig.json("log").map(({ level, line }) => `${level}: ${line}`);

	it("is sent to nobody who did not ask for it", () => {
		rig.start().air.silent = true;
		rig.advance(60_000);
		expect(rig.texts("log")).toEqual([]);
	});

	it("is sent from the level on that a command asks for, with its time, and ends when one says so", () => {
		rig.start().command({ id: "l1", log: "error" });
		expect(rig.json("result")).toEqual([{ id: "l1", outcome: "applied" }]);
		rig.air.silent = true;
		rig.advance(30_000);
		rig.air.silent = false;
		rig.advance(30_000);
		expect(lines()).toEqual([expect.stringMatching(/^error: air: fault,"reason":/)]);
		expect(rig.json("log")[0]).toMatchObject({ boot: 1, seq: 1, time: expect.any(Number) });
		rig.command({ log: "info" });
		rig.air.silent = true;
		rig.advance(30_000);
		rig.air.silent = false;
		rig.advance(30_000);
		expect(lines()).toEqual([expect.any(String), expect.stringContaining("error: "), "info: air: recovered"]);
		rig.command({ log: "off" });
		rig.air.silent = true;
		rig.advance(60_000);
		expect(rig.texts("log").length).toBe(3);
	});

	it("waits for a broker that is away, and tells why it was", () => {
		rig.start().command({ log: "info" });
		rig.board.network.cut();
		rig.advance(20_000);
		expect(lines()).toEqual([]);
		rig.board.network.restore();
		rig.advance(120_000);
		expect(lines().some((line) => line.startsWith("warning: link: network, because the network is gone"))).toBe(true);
		expect(lines()).toContain("info: link: online");
		expect(rig.health().outbox).toMatchObject({ log: { stored: 0, dropped: 0 } });
	});

	it("may be asked for in the device file", () => {
		const entities = { air: fakeSensor(["co2"]) };
		rig = new DeviceRig({ device: defineDevice({ name: "Test", log: "info", entities }) }).start();
		expect(lines()).toContain("info: link: online");
	});

	it("is at a level that there is", () => {
		rig.start().command({ id: "l2", log: "debug" });
		expect(rig.json("result")[0]).toMatchObject({
			outcome: "refused",
			reason: expect.stringContaining("log must be off, error, warning or info"),
		});
	});

	it("says nothing of a line that the broker would not take, and goes on", () => {
		// Every line is larger than that, and so is the warning that one was: it must not beget another.
		rig = new DeviceRig({ broker: { properties: { maximumPacketSize: 120 } } }).start().command({ log: "warning" });
		rig.air.silent = true;
		rig.advance(60_000);
		expect(rig.running?.link.state).toBe("online");
		expect(rig.running?.link.lastError).toMatch(
			/^A message to \S+\/\w+ is larger than the 120 bytes that can be sent$/,
		);
		expect(rig.board.lines.filter((line) => line.includes("/log is larger"))).toEqual([]);
		expect(rig.texts("log").every((text) => text.length < 120)).toBe(true);
		expect(rig.running?.outbox.log.waiting).toBe(0);
	});
});
