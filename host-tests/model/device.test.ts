import { describe, expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { button } from "../../firmware/model/inputs.js";
import { number } from "../../firmware/model/number.js";
import { when } from "../../firmware/model/rules.js";
import { hours, minutes, ms, seconds } from "../../firmware/model/units.js";
import { fakeSensor, fakeSwitch } from "./parts.js";

describe("defineDevice", () => {
	it("gives every part its name on the wire, and every value of a sensor one", () => {
		const { parts } = defineDevice({
			name: "Test",
			entities: {
				air: fakeSensor(["temperature", "airPressure"]),
				soilMoisture: fakeSensor(["value"]),
				waterPump: fakeSwitch({}),
			},
		});
		expect(parts.map(({ key, id, valueIds }) => [key, id, valueIds])).toEqual([
			["air", "air", ["air-temperature", "air-air-pressure"]],
			["soilMoisture", "soil-moisture", ["soil-moisture"]],
			["waterPump", "water-pump", []],
		]);
	});

	it("counts the parts and their state topics: a sensor has one for each value, a button none", () => {
		const { parts } = defineDevice({
			name: "Test",
			entities: { key: button(), air: fakeSensor(["co2", "voc"]), pump: fakeSwitch({}), noise: fakeSensor(["level"]) },
		});
		expect(parts.map(({ index, stateIndex, stateCount }) => [index, stateIndex, stateCount])).toEqual([
			[0, 0, 0],
			[1, 0, 2],
			[2, 2, 1],
			[3, 3, 1],
		]);
	});

	it("hands the rules a handle for every entity", () => {
		const { rules } = defineDevice({
			name: "Test",
			entities: { key: button(), pump: fakeSwitch({}) },
			rules: ({ key, pump }) => [when(key.press, pump.toggle()), when(key.hold, pump.off(), pump.on())],
		});
		expect(rules).toEqual([
			{ trigger: { entity: "key", event: "press" }, actions: [{ entity: "pump", action: "toggle" }] },
			{
				trigger: { entity: "key", event: "hold" },
				actions: [
					{ entity: "pump", action: "off" },
					{ entity: "pump", action: "on" },
				],
			},
		]);
	});

	it("sends telemetry every 10 seconds unless told otherwise", () => {
		const entities = { target: number({ min: 0, max: 1 }) };
		expect(defineDevice({ name: "Test", entities }).telemetryEveryMs).toBe(10_000);
		expect(defineDevice({ name: "Test", entities, telemetryEvery: minutes(1) }).telemetryEveryMs).toBe(60_000);
	});
});

describe("durations", () => {
	it("are milliseconds", () => {
		expect([ms(5), seconds(2), minutes(3), hours(1)]).toEqual([5, 2_000, 180_000, 3_600_000]);
	});
});
