import { beforeEach, describe, expect, it } from "vitest";
import { azureIotHub } from "../../firmware/cloud/azure-iot-hub.js";
import reference from "../../firmware/device.js";
import { minutes, seconds } from "../../firmware/model/units.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { DeviceRig } from "../runtime/rig.js";
import { HubStandIn } from "./hub-stand-in.js";

let hub: HubStandIn;
let rig: DeviceRig;
beforeEach(() => {
	hub = new HubStandIn();
	rig = makeRig();
});

function makeRig(password = hub.key): DeviceRig {
	const cloud = azureIotHub({ twinEvery: seconds(5), tokenLife: minutes(30) });
	const broker = { host: "broker.test", port: 1883, password };
	const device = { ...reference, cloud };
	const made = new DeviceRig({ device, crypto: nodeCrypto, settings: { broker }, broker: hub.options });
	hub.attach(made.broker);
	return made;
}

function results(): string[] {
	return hub.of("result").map((text) => {
		const { id, entity, outcome } = JSON.parse(text) as Record<string, string>;
		return `${id ?? entity} ${outcome}`;
	});
}

describe("a device at Azure IoT Hub", () => {
	it("is let in by a token of its key, and keeps to the topics of the hub", () => {
		rig.start(30_000);
		expect(hub.of("status")).toEqual(["online"]);
		expect(JSON.parse(hub.of("about")[0] as string)).toMatchObject({ id: "greenhouse" });
		expect(hub.of("telemetry").length).toBeGreaterThan(0);
		expect(hub.messages.find(({ properties }) => properties.topic === "telemetry")?.properties).toEqual({
			topic: "telemetry",
			"$.ct": "application/json",
			"$.ce": "utf-8",
		});
		expect(hub.inspect()).toEqual([]);
		expect(rig.broker.violations).toEqual([]);
		expect(rig.running?.link).toMatchObject({ connects: 1, failures: 0 });
	});

	it("with another key is not, and says why", () => {
		rig = makeRig(Buffer.from("another key").toString("base64"));
		rig.start(10_000);
		expect(hub.messages).toEqual([]);
		expect(rig.running?.link.lastError).toContain("refused the connection");
	});

	it("says good-bye when it is cut off, through the will", () => {
		rig.start(10_000);
		rig.broker.disconnect();
		expect(hub.of("status")).toEqual(["online", "offline"]);
	});

	it("renews its token before it ends, for as long as it runs", () => {
		rig.start(10_000);
		rig.advance(3 * 3_600_000);
		expect(hub.tokens.length).toBeGreaterThanOrEqual(7); // of half an hour each
		expect(hub.inspect()).toEqual([]);
		expect(rig.running?.link).toMatchObject({ state: "online", failures: 0 });
	});

	it("keeps a twin of its states", () => {
		rig.start(30_000);
		expect(hub.twin.reported).toMatchObject({ pump: "OFF", target: 20, lamp: { state: "OFF" } });
		expect(hub.twin.reported["air-temperature"]).toBeTypeOf("number");
		hub.call("set", { pump: "ON" });
		rig.advance(10_000);
		expect(hub.twin.reported.pump).toBe("ON");
	});

	it("follows what is desired of its settings, also since before it came, and each wish once", () => {
		hub.desire({ target: 25, pump: "ON", firmware: { other: [1] } });
		rig.start(10_000);
		expect(hub.twin.reported).toMatchObject({ target: 25, pump: "OFF" });
		expect(results()).toEqual(["target applied", "pump refused"]);
		hub.call("set", { target: 30 });
		rig.advance(10_000);
		rig.broker.disconnect();
		rig.advance(60_000);
		expect(hub.twin.reported.target).toBe(30); // the wish is an old one
		hub.desire({ target: 12, firmware: null });
		rig.advance(10_000);
		expect(hub.twin.reported.target).toBe(12);
		expect(results().slice(2)).toEqual(["undefined applied", "target applied"]);
	});

	it("takes no older wishes for newer ones, in whatever order they come", () => {
		rig.start(10_000);
		hub.desire({ target: 25 });
		const old = JSON.stringify({ $version: 1, target: 10 });
		rig.broker.publish("$iothub/twin/PATCH/properties/desired/?$version=1", old);
		rig.advance(10_000);
		expect(hub.twin.reported.target).toBe(25);
	});

	it("misses no wish that came before it, when another comes at the same moment", () => {
		hub.desire({ target: 25 });
		rig.start(0);
		expect(rig.board.world.until(() => hub.of("status").length > 0, 10_000)).toBe(true);
		hub.desire({ other: 1 });
		rig.board.world.until(() => rig.broker.log.some(({ packet }) => `${packet.topic}`.includes("twin/GET")), 2_000);
		hub.desire({ another: 1 });
		rig.advance(10_000);
		expect(hub.twin.reported.target).toBe(25);
	});

	it("asks again when the hub has too much to do", () => {
		hub.desire({ target: 25 });
		hub.refuse = 429;
		rig.start(30_000);
		expect(hub.twin.reported).toEqual({});
		hub.refuse = undefined;
		rig.advance(120_000);
		expect(hub.twin.reported).toMatchObject({ target: 25, pump: "OFF" });
	});

	it("gives up a twin that ends its connections, and works without", () => {
		hub.twin.desired.huge = "x".repeat(8_000);
		rig.start(600_000);
		expect(rig.running?.link).toMatchObject({ state: "online", connects: 3 });
		expect(rig.board.lines.join("\n")).toContain("perhaps it is too large");
		hub.desire({ target: 25 });
		rig.advance(10_000);
		expect(hub.twin.reported.target).toBe(25);
	});
});

describe("commands from Azure IoT Hub", () => {
	beforeEach(() => {
		rig.start(10_000);
	});

	it("are direct methods, with an answer at once", () => {
		hub.call("set", { pump: "ON", target: 22 });
		hub.call("command", { id: "c1", set: { pump: "OFF" } });
		hub.call("identify", undefined);
		hub.call("set", { pump: "MAYBE" });
		hub.call("dance", {});
		rig.advance(400);
		expect(hub.answers).toEqual([
			'200/?$rid=1 {"outcome":"applied"}',
			'200/?$rid=2 {"id":"c1","outcome":"applied"}',
			'200/?$rid=3 {"outcome":"applied"}',
			expect.stringMatching(/^400\/\?\$rid=4 \{"outcome":"refused","reason":"pump: /),
			expect.stringMatching(/^404\/\?\$rid=5 \{"outcome":"refused","reason":"there is no method dance/),
		]);
		expect(rig.pumpOn).toBe(false);
		expect(hub.inspect()).toEqual([]);
	});

	it("restart the device when that was answered", () => {
		hub.call("restart", {});
		rig.advance(20_000);
		expect(hub.answers).toEqual(['200/?$rid=1 {"outcome":"applied"}']);
		expect(hub.of("status")).toEqual(["online", "offline", "online"]);
	});

	it("are messages to the device, too", () => {
		hub.send('{"id":"m1","set":{"pump":"ON"}}');
		hub.send("23", "topic=target%2Fset");
		hub.send("24", "topic=target%2Fstate");
		rig.advance(10_000);
		expect(rig.pumpOn).toBe(true);
		expect(hub.twin.reported.target).toBe(23);
		expect(results()).toEqual(["m1 applied", "target applied"]);
	});

	it.each(["", "{", "7", '"x"', '{"set":7}', "\u0000"])("that are %j do nothing, and are answered", (body) => {
		rig.broker.publish("$iothub/methods/POST/command/?$rid=9", body);
		rig.broker.publish("$iothub/methods/POST/set/?$rid=10", body);
		rig.broker.publish("$iothub/methods/POST/set", body);
		rig.broker.publish("$iothub/methods/POST/set/?$rid=a/b", body);
		hub.send(body);
		rig.advance(1_000);
		expect(hub.answers.map((answer) => answer.slice(0, 12))).toEqual(["400/?$rid=9 ", "400/?$rid=10"]);
		expect(rig.pumpOn).toBe(false);
		expect(rig.running?.link).toMatchObject({ state: "online", connects: 1 });
	});
});
