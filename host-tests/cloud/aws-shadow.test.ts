import { beforeEach, describe, expect, it } from "vitest";
import { awsIot } from "../../firmware/cloud/aws-iot.js";
import reference from "../../firmware/device.js";
import { DeviceRig } from "../runtime/rig.js";
import { AWS_BROKER, AwsStandIn } from "./aws-stand-in.js";

const THING = "farpin-greenhouse";

let rig: DeviceRig;
let aws: AwsStandIn;
beforeEach(() => {
	rig = new DeviceRig({ device: { ...reference, cloud: awsIot() }, broker: AWS_BROKER });
	aws = new AwsStandIn(rig.broker, THING);
});

const updatesOf = (name: string) =>
	aws.updates.flatMap(({ desired, reported }) =>
		[desired?.[name], reported?.[name]].map((value) => value !== undefined).includes(true)
			? [{ desired, reported }]
			: [],
	);
const results = () => rig.json("result").map(({ entity, outcome }) => `${entity} ${outcome}`);

describe("the shadow", () => {
	it("has every state as reported, beside our own topics, and within the limits of AWS", () => {
		rig.start(30_000);
		expect(aws.shadow.reported).toMatchObject({ pump: "OFF", target: 20, door: expect.any(String) });
		expect(aws.shadow.reported.lamp).toEqual({ state: "OFF", brightness: expect.any(Number) });
		expect(aws.shadow.reported["air-temperature"]).toEqual(Number(rig.last("air-temperature/state")));
		expect(aws.shadow.desired).toEqual({});
		expect(rig.last("status")).toBe("online");
		expect(aws.inspect()).toEqual([]);
		expect(rig.broker.violations).toEqual([]);
	});

	it("follows what changes, and not more often than it may", () => {
		rig.start(30_000);
		const before = aws.updates.length;
		for (let i = 0; i < 20; i++) rig.publish("pump/set", "TOGGLE");
		rig.advance(10_000);
		expect(aws.updates.length - before).toBeLessThanOrEqual(5); // 20 s, one in 5 s
		rig.publish("pump/set", "ON").advance(10_000);
		expect(aws.shadow.reported.pump).toBe("ON");
	});

	it("loses the value of a sensor that is silent", () => {
		rig.start(30_000);
		expect(aws.shadow.reported["air-humidity"]).toBeTypeOf("number");
		rig.air.silent = true;
		rig.advance(60_000);
		expect(aws.shadow.reported).not.toHaveProperty("air-humidity");
	});

	it("sets a setting as desired, also one that was wished while the device was away", () => {
		aws.desire({ target: 25 });
		rig.start(10_000);
		expect(rig.last("target/state")).toBe("25");
		aws.desire({ target: 26.5 });
		rig.advance(10_000);
		expect(rig.last("target/state")).toBe("26.5");
		expect(aws.shadow.reported.target).toBe(26.5);
		expect(results()).toEqual(["target applied", "target applied"]);
	});

	it("does not set back what was set otherwise", () => {
		rig.start(10_000);
		aws.desire({ target: 25 });
		rig.advance(10_000).publish("target/set", "30").advance(60_000);
		expect(rig.last("target/state")).toBe("30");
		expect(aws.shadow).toMatchObject({ desired: { target: 30 }, reported: { target: 30 } });
		rig.broker.disconnect();
		rig.advance(60_000);
		expect(rig.last("target/state")).toBe("30");
	});

	it("moves no output, and takes such a wish back", () => {
		aws.desire({ pump: "ON", target: 99, lamp: { state: "ON" }, welcome: "aws-iot" });
		rig.start(30_000);
		expect(rig.pumpOn).toBe(false);
		expect(rig.last("target/state")).toBe("20");
		expect(results().sort()).toEqual(["lamp refused", "pump refused", "target refused"]);
		expect(aws.shadow.desired).toEqual({ welcome: "aws-iot" }); // what others keep there stays
		expect(updatesOf("welcome").length).toBe(1);
	});

	it("is told again when AWS had too much to do, and not when the document was wrong", () => {
		aws.refuse = 429;
		rig.start(30_000);
		expect(aws.shadow.version).toBe(0);
		aws.refuse = undefined;
		rig.advance(90_000);
		expect(aws.shadow.reported.pump).toBe("OFF");
		aws.refuse = 400;
		rig.publish("pump/set", "ON").advance(300_000);
		aws.refuse = undefined;
		rig.advance(300_000);
		expect(rig.board.lines.filter((line) => line.includes("stand-in (400)")).length).toBeGreaterThan(0);
	});

	it("may send anything: nothing happens, and nothing is thrown", () => {
		rig.start(10_000);
		for (const text of ["", "7", "{", '{"state":7,"version":99}', '{"version":99}', `{"state":{"target":[[[[[1]]]]]}}`])
			rig.broker.publish(`$aws/things/${THING}/shadow/update/delta`, text, { qos: 1 });
		rig.advance(10_000);
		expect(rig.last("target/state")).toBe("20");
		expect(rig.health()).toMatchObject({ faults: 0, link: { connects: 1 } });
	});

	it("ignores a delta that was overtaken", () => {
		rig.start(10_000);
		const delta = (version: number, target: number) =>
			rig.broker.publish(`$aws/things/${THING}/shadow/update/delta`, JSON.stringify({ version, state: { target } }));
		delta(70, 25);
		delta(69, 10);
		rig.advance(1_000);
		expect(rig.last("target/state")).toBe("25");
	});
});
