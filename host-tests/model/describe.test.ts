import { describe, expect, it } from "vitest";
import device from "../../firmware/device.js";
import { describeEntities } from "../../firmware/model/describe.js";
import { defineDevice } from "../../firmware/model/device.js";
import { button } from "../../firmware/model/inputs.js";
import { number } from "../../firmware/model/number.js";
import { temperature } from "../../firmware/model/quantity.js";
import { fakeLight, fakeSensor, fakeSwitch } from "./parts.js";

describe("the description of a device", () => {
	it("tells of every kind what the wire contract says", () => {
		const { entitiesJson } = defineDevice({
			name: "Test",
			entities: {
				air: fakeSensor([], { measures: { temperature: temperature({ min: -40, max: 85 }) }, model: "BME280" }),
				pump: fakeSwitch({ model: "relay", maxOnMs: 600_000 }),
				lamp: fakeLight([]),
				target: number({ min: 5, max: 35, step: 0.5, unit: "°C" }),
				key: button(),
			},
		});
		expect(JSON.parse(entitiesJson)).toEqual([
			{
				id: "air",
				kind: "sensor",
				model: "BME280",
				unit: "°C",
				class: "temperature",
				min: -40,
				max: 85,
				decimals: 2,
				everyMs: 1_000,
				state: "air/state",
			},
			{ id: "pump", kind: "switch", model: "relay", maxOnMs: 600_000, state: "pump/state", set: "pump/set" },
			{ id: "lamp", kind: "light", model: "fake", state: "lamp/state", set: "lamp/set" },
			{
				id: "target",
				kind: "number",
				model: "number",
				unit: "°C",
				min: 5,
				max: 35,
				step: 0.5,
				state: "target/state",
				set: "target/set",
			},
			{ id: "key", kind: "button", model: "button", set: "key/set", events: ["press", "hold"] },
		]);
	});

	it("has one entity for every value of a sensor, and one name for each", () => {
		const described = describeEntities(device.parts);
		expect(described.map(({ id }) => id)).toContain("air-temperature");
		expect(new Set(described.map(({ id }) => id)).size).toBe(described.length);
		for (const { id, state, set } of described) {
			if (state !== undefined) expect(state).toBe(`${id}/state`);
			if (set !== undefined) expect(set).toBe(`${id}/set`);
		}
	});
});
