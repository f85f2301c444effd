import { describe, expect, it } from "vitest";
import { emqxCloud, hivemqCloud, mosquitto } from "../../firmware/cloud/brokers.js";
import reference from "../../firmware/device.js";
import { checkDevice } from "../../firmware/model/check.js";
import { DeviceRig } from "../runtime/rig.js";
import { FACTS } from "./facts.js";

const LOGIN = { username: "me", password: "secret", certificate: false };

describe("brokers that do as the specification says", () => {
	it.each([mosquitto, hivemqCloud, emqxCloud])("%o change nothing on the wire", (choose) => {
		const user = { name: "me", password: "secret" };
		const broker = { host: "broker.test", port: 1883, username: "me", password: "secret" };
		const device = { ...reference, cloud: choose() };
		const rig = new DeviceRig({ device, broker: { user }, settings: { broker } }).start();
		expect(rig.last("status")).toBe("online");
		expect([...rig.broker.clients.keys()]).toEqual(["farpin-greenhouse"]);
		rig.publish("target/set", "22");
		expect(rig.last("target/state")).toBe("22");
		expect(rig.broker.violations).toEqual([]);
		expect(checkDevice(device)).toEqual([]);
	});

	it.each([
		["a certificate", {}],
		["user and password", LOGIN],
	])("let a device in by %s", (_, login) => {
		for (const cloud of [mosquitto(), hivemqCloud(), emqxCloud()])
			expect(cloud.checkBroker({ ...FACTS, ...login })).toEqual([]);
	});

	it.each([
		[{ encrypted: false }, "HiveMQ Cloud takes only what is encrypted: write mqtts:// or wss://"],
		[{ certificate: false }, 'HiveMQ Cloud lets nobody in without "user" and "password", or a certificate'],
		[
			{ ...LOGIN, password: undefined, certificate: true },
			'"user" and "password" go together, and one of them is missing',
		],
		[{ port: 1883 }, "port 1883 is not the one of HiveMQ Cloud, which is 8883"],
		[{ webSocket: true }, "port 8883 is not the one of HiveMQ Cloud, which is 8884"],
	])("say before a board is flashed that with %j they would not", (facts, why) => {
		expect(hivemqCloud().checkBroker({ ...FACTS, ...facts })).toEqual([why]);
	});

	it("of one's own take what their owner wants", () => {
		expect(mosquitto().checkBroker({ ...FACTS, port: 1884, encrypted: false, certificate: false })).toEqual([]);
	});
});
