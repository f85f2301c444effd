import { beforeEach, describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { fakeSwitch } from "../model/parts.js";
import { DeviceRig } from "./rig.js";
import { ThrowingBoard } from "./throwing-board.js";

let rig: DeviceRig;
beforeEach(() => {
	rig = new DeviceRig();
});

describe("what the device does by itself", () => {
	it("follows its rules, and tells what moved and why", () => {
		rig.start().press("key");
		expect([rig.pumpOn, rig.last("pump/state")]).toEqual([true, "ON"]);
		const changed = rig.json("event").find(({ event }) => event === "changed");
		expect(changed).toMatchObject({ boot: 1, entity: "pump", to: "ON", why: "rule key press" });
		rig.press("key", 1_000); // held: pump and lamp off
		expect(rig.pumpOn).toBe(false);
	});

	it("goes on measuring with what answers when a sensor falls silent, and tries it again", () => {
		rig.start().air.silent = true;
		rig.advance(30_000);
		const from = rig.samples.length;
		rig.advance(60_000);
		expect(rig.samples.slice(from).every(({ values }) => "soil" in values)).toBe(true);
		expect(rig.samples.length - from).toBeGreaterThanOrEqual(5);
		expect(rig.last("air-temperature/state")).toBe("unavailable");
		rig.air.silent = false;
		rig.advance(30_000);
		const told = rig.json("event").map(({ entity, event }) => `${entity} ${event}`);
		expect(told).toEqual(["air fault", "air recovered"]);
		expect(rig.last("air-temperature/state")).not.toBe("unavailable");
	});

	it("goes on with a part that cannot be opened at all", () => {
		const entities = { broken: fakeSwitch({}) };
		rig = new DeviceRig({ device: defineDevice({ name: "Test", entities }) }).start();
		expect(rig.json("event")[0]).toMatchObject({ entity: "broken", event: "fault" });
		expect([rig.last("broken/state"), rig.health().stale]).toEqual(["unavailable", ["broken"]]);
		rig.publish("broken/set", "ON");
		expect(rig.json("result")[0]).toMatchObject({
			outcome: "refused",
			reason: expect.stringContaining("out of order"),
		});
	});
});

describe("a command to the whole device", () => {
	it("is for the moment: one that was sent while the device was away is never carried out", () => {
		rig.start();
		rig.board.network.cut();
		rig.advance(60_000);
		rig.publish("pump/set", "ON").command({ id: "late", set: { pump: "ON" } });
		rig.board.network.restore();
		rig.advance(300_000);
		expect(rig.running?.link.state).toBe("online");
		expect([rig.pumpOn, rig.texts("result")]).toEqual([false, []]);
		rig.publish("pump/set", "ON");
		expect(rig.pumpOn).toBe(true);
	});

	it("report sends everything anew", () => {
		rig.start();
		const from = rig.seen.length;
		rig.command({ do: "report" });
		const kept = [...rig.broker.retained.keys()].map((topic) => topic.replace("farpin/greenhouse/", ""));
		const again = rig.seen.slice(from).map(({ topic }) => topic);
		expect([...again, "status"].sort()).toEqual(kept.sort());
	});

	it("identify blinks the light and leaves it as it was", () => {
		rig.start().publish("lamp/set", "40");
		const from = rig.pin("lamp").history.length;
		rig.command({ id: "a1", do: "identify" }).advance(10_000);
		const blinks = rig
			.pin("lamp")
			.history.slice(from)
			.map(({ value }) => value);
		expect(blinks.filter((value) => value === 1).length).toBeGreaterThanOrEqual(3);
		expect(rig.pin("lamp").value).toBe(rig.pin("lamp").history[from - 1]?.value);
		expect(rig.json("result")).toEqual([{ id: "a1", outcome: "applied" }]);
	});

	it("identify is refused where there is nothing to show", () => {
		const entities = { broken: fakeSwitch({}) };
		rig = new DeviceRig({ device: defineDevice({ name: "Test", entities }) }).start().command({ do: "identify" });
		expect(rig.json("result")[0]).toMatchObject({ outcome: "refused", reason: expect.stringContaining("no light") });
	});

	it("restart is answered first, and leaves the outputs safe", () => {
		rig.start().publish("pump/set", "ON").command({ id: "r1", do: "restart" });
		rig.advance(5_000);
		expect(rig.json("result")).toEqual([{ id: "r1", outcome: "applied" }]);
		expect(rig.texts("status")).toEqual(["online", "offline", "online"]);
		expect([rig.pumpOn, rig.health()]).toEqual([false, expect.objectContaining({ reset: "restart" })]);
	});

	it("restart does not wait for ever for a broker that acknowledges nothing", () => {
		rig.start().broker.holdAcks = true;
		rig.command({ id: "r1", do: "restart" }).advance(5_000);
		expect(rig.board.resetReason).toBe("restart");
	});
});

describe("whatever call to the board throws", () => {
	/** Everything a device does in its life: sensors, buttons, commands, a network that comes and goes. */
	function live(throwing: ThrowingBoard): DeviceRig {
		const device = new DeviceRig({ around: throwing.around }).start();
		device.press("key").command({ id: "a1", set: { pump: "TOGGLE", lamp: 40 } });
		device.broker.disconnect();
		device.advance(60_000);
		device.board.network.cut();
		device.advance(1_000).press("key").board.network.restore();
		return device.advance(90_000);
	}

	const watched = new ThrowingBoard();
	live(watched);
	const made = new ThrowingBoard();
	new DeviceRig({ around: made.around }).start(0);
	// Without these nothing can begin: what they throw while the device is made is for the board's entry, not a callback.
	const needed = ["attach", "alarm", "alarm().arm", "clock.monotonicMs"];
	const first = (path: string) => (needed.includes(path) ? (made.calls.get(path) ?? 0) : 0);
	const paths = [...watched.calls.keys()].filter((path) => first(path) < (watched.calls.get(path) ?? 0));

	it("is tried with everything that the device calls", () => {
		expect(paths.length).toBeGreaterThan(25);
		expect(paths).toEqual(
			expect.arrayContaining([
				"alarm().arm",
				"clock.monotonicMs",
				"hardware.digitalInput().read",
				"hardware.digitalOutput().write",
				"hardware.i2c().writeRead",
				"hardware.pwm().write",
				"log",
				"network.connect().write",
				"network.resolve",
				"network.udp().write",
				"random",
				"store.set",
			]),
		);
	});

	it.each(paths)("%s: nothing reaches the platform, and the device is back when it works again", (path) => {
		const [from, end] = [first(path), watched.calls.get(path) as number];
		const tried = [from, from + 1, Math.floor((from + end) / 2), end - 1].filter((after) => after < end);
		for (const after of new Set(tried)) {
			const throwing = new ThrowingBoard();
			throwing.mishap = { path, after, times: 3 };
			const device = live(throwing).advance(10 * 60_000);
			expect(throwing.failed, `${path} after ${after}`).toBeGreaterThan(0);
			expect(device.running?.link.state, `${path} after ${after}`).toBe("online");
			expect(device.publish("target/set", "30").last("target/state")).toBe("30");
		}
	});
});
