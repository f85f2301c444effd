import { describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { run } from "../../firmware/runtime/run.js";
import { VirtualBoard } from "../virtual/board.js";
import { FakeOutput, lightOn, switchOn } from "./entities/outputs.js";
import { DeviceRig, type RigOptions } from "./rig.js";

const broker = { host: "broker.test", port: 1883 };

describe("a device that was started", () => {
	it("is online a moment later, under the name it was given", () => {
		const { running } = new DeviceRig().start();
		expect(running).toMatchObject({ id: "greenhouse", link: { state: "online", lastError: undefined } });
	});

	it("is called like its board, and publishes below farpin, unless told otherwise", () => {
		const { seen, running } = new DeviceRig({ settings: { id: undefined } }).start();
		expect(running?.id).toBe("0242ac110002");
		expect(seen.find(({ text }) => text === "online")?.topic).toBe("farpin/0242ac110002/status");
		const other = new DeviceRig({ settings: { root: "home/cellar" } }).start();
		expect(other.seen.find(({ text }) => text === "online")?.topic).toBe("home/cellar/greenhouse/status");
	});

	it.each<[string, RigOptions["settings"]]>([
		['"Green House" is no name for a device', { id: "Green House" }],
		['"home/+" is not a topic that one can publish to', { root: "home/+" }],
	])("says that %s, and goes to work all the same", (line, settings) => {
		const { board, running } = new DeviceRig({ settings }).start();
		expect(board.lines.some((one) => one.startsWith(line))).toBe(true);
		expect(running?.link.state).toBe("online");
	});

	it("counts its starts in telemetry and events", () => {
		const rig = new DeviceRig().start(20_000);
		rig.board.reset("watchdog");
		rig.advance(20_000).press("key");
		expect(new Set(rig.json("telemetry").map(({ boot }) => boot))).toEqual(new Set([1, 2]));
		expect(rig.json("event").at(-1)).toMatchObject({ boot: 2, seq: expect.any(Number) });
		expect(rig.health()).toMatchObject({ reset: "watchdog" });
	});

	it("moves its outputs without any network", () => {
		const rig = new DeviceRig();
		rig.board.network.cut();
		rig.start().press("key");
		expect(rig.pumpOn).toBe(true);
		expect(rig.running?.link).toMatchObject({ state: "network", lastError: "the access point is gone" });
	});

	it("without settings has its local life, for as long as it takes, and says once what helps", () => {
		const rig = new DeviceRig({ settings: { id: undefined, broker: { host: "", port: 0 } } });
		const noSettings = "this board has no settings";
		rig.board.network.start = () => {
			throw new Error(noSettings); // as the boards do
		};
		rig.start().press("key");
		expect(rig.pumpOn).toBe(true);
		rig.advance(60_000).press("key");
		expect(rig.pumpOn).toBe(false);
		rig.advance(3_600_000);
		const why = `the network cannot be started: ${noSettings}`;
		expect(rig.running).toMatchObject({ id: "0242ac110002", link: { state: "network", lastError: why } });
		expect(rig.board.lines.filter((line) => line.includes(noSettings))).toEqual([`link: network, because ${why}`]);
	});
});

describe("a device that was stopped", () => {
	it("says offline, has its outputs in their safe state, and gives back every pin", () => {
		const rig = new DeviceRig().start();
		rig.publish("pump/set", "ON").publish("lamp/set", "40");
		rig.running?.stop();
		rig.advance(1_000);
		expect([rig.last("status"), rig.seen.at(-1)?.retain, rig.broker.clients.size]).toEqual(["offline", true, 0]);
		expect(rig.pin("pump").history.at(-1)?.value).toBe(1); // active low
		expect(rig.pin("lamp").history.at(-1)?.value).toBe(0);
		expect(rig.board.hardware.pins.inUse()).toEqual([]);
	});

	it("does nothing any more, and may be stopped again", () => {
		const rig = new DeviceRig().start();
		rig.running?.stop();
		rig.running?.stop();
		rig.advance(1_000);
		const [seen, lines] = [rig.seen.length, rig.board.lines.length];
		rig.advance(3_600_000).press("key");
		expect([rig.seen.length, rig.board.lines.length, rig.broker.accepted]).toEqual([seen, lines, 1]);
	});

	it("has closed every part, though some of them fail at it", () => {
		const board = new VirtualBoard();
		const [pump, lamp] = [new FakeOutput(), new FakeOutput()];
		const entities = { pump: switchOn(pump), lamp: lightOn(lamp) };
		const running = run(board, defineDevice({ name: "Test", entities }), { broker });
		pump.failures = 1;
		running.stop();
		expect([pump.closed, lamp.closed, lamp.last]).toEqual([1, 1, 0]);
	});
});
