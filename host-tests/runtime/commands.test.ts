import { beforeEach, describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { FakeOutput, lightOn, switchOn } from "./entities/outputs.js";
import { DeviceRig } from "./rig.js";

let rig: DeviceRig;
beforeEach(() => {
	rig = new DeviceRig().start();
});

function results(): Record<string, unknown>[] {
	return rig.json("result");
}

function refused(entity: string, reason: string) {
	return { entity, outcome: "refused", reason: expect.stringContaining(reason) };
}

describe("a set", () => {
	it("moves the part, and needs no answer but the new state", () => {
		rig.publish("pump/set", "ON");
		expect([rig.pumpOn, rig.last("pump/state"), results()]).toEqual([true, "ON", []]);
	});

	it.each([
		["pump", "SIDEWAYS", "the value must be ON, OFF"],
		["target", "400", "from 5 to 35"],
		["target", "warm", "must be"],
		["target", "", "must be"],
		["lamp", '{"state":"ON","colour":"red"}', "must be"],
		["lamp", '{"state"', "colon"],
		["door", "ON", "it can only be read"],
		["air-temperature", "20", "it can only be read"],
		["nothing", "ON", "there is no such entity"],
		["constructor", "ON", "there is no such entity"],
		["pump", `"${"N".repeat(300)}"`, "longer than 256 bytes"],
		["pump", "OFF\u0000", "the value must be"],
		["pump", `eyJhbGciOiJIUzI1NiJ9.${"e".repeat(300)}.x`, "it is signed or sealed, and this device takes what is not"],
	])("of %s to %j is refused once, counted, and moves nothing", (entity, payload, reason) => {
		const before = [rig.last("pump/state"), rig.last("target/state"), rig.last("lamp/state")];
		rig.publish(`${entity}/set`, payload);
		expect(results()).toEqual([refused(entity, reason)]);
		expect([rig.last("pump/state"), rig.last("target/state"), rig.last("lamp/state")]).toEqual(before);
		expect(rig.health().refused).toBe(1);
		expect(rig.running?.link.state).toBe("online");
	});

	it("that is not UTF-8 is refused", () => {
		rig.publish("pump/set", new Uint8Array([0x4f, 0xff]));
		expect(results()).toEqual([refused("pump", "UTF-8")]);
	});

	it("that was left for the device while it was away is refused", () => {
		rig.board.network.cut();
		rig.advance(60_000).publish("pump/set", "ON", true).board.network.restore();
		rig.advance(90_000);
		expect([rig.pumpOn, results()]).toEqual([false, [refused("pump", "publish without the retain flag")]]);
	});

	it("that is retained is refused at once where MQTT 5 tells so, and when it comes again where 3.1.1 does not", () => {
		rig.publish("pump/set", "ON", true);
		expect([rig.pumpOn, results()]).toEqual([false, [refused("pump", "publish without the retain flag")]]);
		const old = new DeviceRig({ broker: { versions: [4] } }).start();
		old.publish("pump/set", "ON", true);
		expect(old.pumpOn).toBe(true);
		old.publish("pump/set", "OFF").broker.disconnect();
		old.advance(60_000);
		expect([old.pumpOn, old.json("result").at(-1)]).toEqual([
			false,
			refused("pump", "publish without the retain flag"),
		]);
	});

	it("is answered where its sender asked for it", () => {
		const responseTopic = "app/7/answers";
		rig.publish("pump/set", "ON", false, { responseTopic, correlationData: new Uint8Array([7]) as never });
		const answer = rig.seen.find(({ topic }) => topic === responseTopic);
		expect(JSON.parse(answer?.text ?? "")).toEqual({ entity: "pump", outcome: "applied" });
		expect([...(answer?.properties?.correlationData ?? [])]).toEqual([7]);
	});
});

describe("a command", () => {
	it("sets several entities and is answered once", () => {
		rig.command({ id: "a1", set: { pump: "ON", target: 21.5 } });
		expect([rig.pumpOn, rig.last("target/state")]).toEqual([true, "21.5"]);
		expect(results()).toEqual([{ id: "a1", outcome: "applied" }]);
	});

	it("without an id is answered only when it was refused", () => {
		rig.command({ set: { pump: "ON" } });
		expect([rig.pumpOn, results()]).toEqual([true, []]);
		rig.command({ set: { pump: "LEFT" } });
		expect(results()).toEqual([{ outcome: "refused", reason: expect.stringMatching(/^pump: the value must be/) }]);
	});

	it("moves nothing when any part of it is refused", () => {
		rig.command({ id: "a1", set: { pump: "ON", target: 21, lamp: "purple" } });
		expect([rig.pumpOn, rig.last("target/state")]).toEqual([false, "20"]);
		expect(results()).toEqual([{ id: "a1", outcome: "refused", reason: expect.stringMatching(/^lamp: /) }]);
	});

	it("that cannot be read is refused with the reason", () => {
		rig.publish("command", "pump ON");
		expect(results()).toEqual([{ outcome: "refused", reason: "this is no JSON document" }]);
	});

	it("that was left for the device while it was away is refused", () => {
		rig.board.network.cut();
		rig.advance(60_000).publish("command", '{"id":"a1","set":{"pump":"ON"}}', true).board.network.restore();
		rig.advance(90_000);
		const reason = expect.stringContaining("publish without the retain flag");
		expect([rig.pumpOn, results()]).toEqual([false, [{ id: "a1", outcome: "refused", reason }]]);
	});

	it("delivered again is answered again, not done again", () => {
		const toggle = { id: "a1", set: { pump: "TOGGLE" } };
		rig.command(toggle).command(toggle);
		expect(rig.pumpOn).toBe(true);
		expect(results()).toEqual([
			{ id: "a1", outcome: "applied" },
			{ id: "a1", outcome: "applied" },
		]);
	});

	it("that was refused may be tried again under its id", () => {
		rig.command({ id: "a1", set: { pump: "LEFT" } }).command({ id: "a1", set: { pump: "ON" } });
		expect([rig.pumpOn, results().at(-1)]).toEqual([true, { id: "a1", outcome: "applied" }]);
	});

	it("is not carried out after it has expired", () => {
		const nowMs = rig.board.world.trueMs;
		rig.command({ id: "late", set: { pump: "ON" }, expires: nowMs - 1_000 });
		expect([rig.pumpOn, results()]).toEqual([false, [{ id: "late", outcome: "refused", reason: "it has expired" }]]);
		rig.command({ id: "early", set: { pump: "ON" }, expires: nowMs + 60_000 });
		expect(rig.pumpOn).toBe(true);
	});

	it("with an expiry is refused while the clock is not set", () => {
		rig = new DeviceRig();
		rig.board.internet.names.delete("pool.ntp.org");
		rig.start(60_000).command({ set: { pump: "ON" }, expires: 9e15 });
		expect([rig.pumpOn, results()[0]?.reason]).toEqual([false, "it has an expiry, and the clock is not set yet"]);
	});

	it("shows no more of a name than an entity's can have", () => {
		rig.command({ set: { ["x".repeat(200)]: "ON" } });
		expect(results()[0]?.reason).toBe(`${"x".repeat(32)}: there is no such entity`);
	});
});

describe("a part that fails", () => {
	it("is told as failed, and the device goes on", () => {
		const [pump, lamp] = [new FakeOutput(), new FakeOutput()];
		const entities = { pump: switchOn(pump), lamp: lightOn(lamp) };
		rig = new DeviceRig({ device: defineDevice({ name: "Test", entities }) }).start();
		pump.failures = 2;
		rig.publish("pump/set", "ON").command({ id: "a1", set: { pump: "ON" } });
		const failed = { outcome: "failed", reason: expect.stringContaining("the output is stuck") };
		expect(results()).toEqual([
			{ entity: "pump", ...failed },
			{ id: "a1", ...failed },
		]);
		rig.publish("lamp/set", "40").publish("pump/set", "ON");
		expect([rig.last("lamp/state"), rig.last("pump/state")]).toEqual(['{"state":"ON","brightness":40}', "ON"]);
	});
});
