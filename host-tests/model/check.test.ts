import { describe, expect, it } from "vitest";
import reference from "../../firmware/device.js";
import { checkDevice } from "../../firmware/model/check.js";
import type { Chip } from "../../firmware/model/chips.js";
import { type Definition, type Device, defineDevice } from "../../firmware/model/device.js";
import type { BinarySensorDefinition, ButtonDefinition } from "../../firmware/model/inputs.js";
import { button } from "../../firmware/model/inputs.js";
import { number } from "../../firmware/model/number.js";
import { quantity } from "../../firmware/model/quantity.js";
import type { Rule } from "../../firmware/model/rules.js";
import type { Bus } from "../../firmware/model/sensor.js";
import { fakeLight, fakeSensor, fakeSwitch } from "./parts.js";

interface Sketch {
	name?: string;
	entities?: Record<string, Definition>;
	buses?: Record<string, Bus>;
	rules?: readonly Rule[];
	telemetryEvery?: number;
}

const fine = { pump: fakeSwitch({ pins: [{ pin: 26, as: "output" }] }) };

function device({ rules = [], ...spec }: Sketch): Device {
	return defineDevice({ name: "Test", entities: fine, ...spec, rules: () => rules });
}

/** The faults of a device, as a person reads them. */
function faults(sketch: Sketch, chip?: Chip): string[] {
	return checkDevice(device(sketch), chip).map(({ message }) => message);
}

function contact(more: Partial<BinarySensorDefinition>): BinarySensorDefinition {
	return { ...fakeSwitch({}), kind: "binary_sensor", model: "fake", debounceMs: 30, ...more } as BinarySensorDefinition;
}

function pushButton(more: Partial<ButtonDefinition>): ButtonDefinition {
	return { ...contact({}), kind: "button", holdMs: 1_000, ...more } as ButtonDefinition;
}

describe("a device that is right", () => {
	it("is the reference device", () => {
		expect(checkDevice(reference)).toEqual([]);
	});

	it("has no faults, on any chip", () => {
		const sketch: Sketch = {
			buses: { main: { data: 1, clock: 2 } },
			entities: {
				air: fakeSensor(["temperature", "humidity"], { bus: "main", address: 0x76 }),
				more: fakeSensor(["temperature"], { bus: "main", address: 0x77 }),
				pump: fakeSwitch({ pins: [{ pin: 5, as: "output" }], maxOnMs: 600_000, onLinkLost: { after: 0, go: "OFF" } }),
				lamp: fakeLight([{ pin: 10, as: "output" }]),
				door: contact({ pins: [{ pin: 3, as: "input" }] }),
				key: pushButton({ pins: [{ pin: 4, as: "input" }] }),
				remote: button(),
				target: number({ min: -5, max: 5, step: 0.25, initial: 0.25 }),
			},
			rules: [{ trigger: { entity: "door", event: "on" }, actions: [{ entity: "lamp", action: "on" }] }],
		};
		expect(faults(sketch, "esp32c3")).toEqual([]);
		expect(faults(sketch, "esp32s3")).toEqual([]);
		const { pump } = sketch.entities as Record<string, Definition>;
		expect(faults({ entities: { pump: pump as Definition } })).toEqual([]);
	});
});

describe("names", () => {
	it("are wanted: one for the device and one entity at least", () => {
		expect(faults({ name: "" })).toEqual(["device: `name` must have 1 to 64 characters"]);
		expect(faults({ name: "x".repeat(65) })).toHaveLength(1);
		expect(faults({ entities: {} })).toEqual(["device: it has no entities; add one to `entities`"]);
	});

	it("must fit into a topic", () => {
		expect(faults({ entities: { "a/b": fakeSwitch({}) } })).toEqual([
			'a/b: "a/b" is no name for a topic; use 1 to 32 letters and digits',
		]);
		expect(faults({ entities: { pümp: fakeSwitch({}) } })).toHaveLength(1);
		expect(faults({ entities: { ["a".repeat(33)]: fakeSwitch({}) } })).toHaveLength(1);
		expect(faults({ entities: { ["a".repeat(25)]: fakeSensor(["temperature", "humidity"]) } })).toHaveLength(2);
	});

	it("must differ on the wire, even where the keys do", () => {
		expect(faults({ entities: { airTemp: fakeSwitch({}), air_temp: fakeSwitch({}) } })).toEqual([
			'air_temp: "air-temp" is also the name of airTemp; rename one',
		]);
		expect(faults({ entities: { air: fakeSensor(["a", "b"]), airA: fakeSwitch({}) } })).toHaveLength(1);
	});

	it("must not be that of a sensor of several values, whose events and faults carry it", () => {
		expect(faults({ entities: { air: fakeSensor(["a", "b"]), Air: fakeSwitch({}) } })).toEqual([
			'Air: "air" is also the name of air; rename one',
		]);
	});
});

describe("pins", () => {
	const at = (pin: number, as: "input" | "output" | "analog" = "output"): Sketch => ({
		entities: { part: fakeSwitch({ pins: [{ pin, as }] }) },
	});

	it("are used once, by parts and buses together", () => {
		const pins = [{ pin: 21, as: "output" }] as const;
		expect(faults({ entities: { a: fakeSwitch({ pins }), b: fakeSwitch({ pins }) } })).toEqual([
			"b: pin 21 is already used by a; move one of them",
		]);
		expect(faults({ buses: { main: { data: 21, clock: 22 } }, entities: { a: fakeSwitch({ pins }) } })).toEqual([
			"a: pin 21 is already used by bus main; move one of them",
		]);
		expect(faults({ buses: { main: { data: 21, clock: 21 } } })).toHaveLength(1);
	});

	it.each([
		[34, "output", "esp32", "pin 34 of an ESP32 can only be an input"],
		[39, "output", "esp32", "pin 39 of an ESP32 can only be an input"],
		[34, "input", "esp32", undefined],
		[34, "analog", "esp32", undefined],
		[34, "output", "esp32s3", undefined],
		[26, "output", "esp32", undefined],
		[40, "input", "esp32", "an ESP32 has no pin 40"],
		[-1, "input", "esp32", "an ESP32 has no pin -1"],
		[1.5, "input", "esp32", "an ESP32 has no pin 1.5"],
		[28, "input", "esp32", "an ESP32 has no pin 28"],
		[6, "input", "esp32", "pin 6 of an ESP32 leads to its flash memory"],
		[26, "output", "esp32c3", "an ESP32-C3 has no pin 26"],
		[12, "output", "esp32c3", "pin 12 of an ESP32-C3 leads to its flash memory"],
		[27, "output", "esp32s3", "pin 27 of an ESP32-S3 leads to its flash memory"],
		[22, "output", "esp32s3", "an ESP32-S3 has no pin 22"],
		[4, "analog", "esp32", "pin 4 of an ESP32 cannot measure a voltage while the radio is on: pins 32 to 39 can"],
		[4, "analog", "esp32c3", undefined],
	] as const)("%s as %s on %s: %s", (pin, as, chip, why) => {
		expect(faults(at(pin, as), chip)).toEqual(why === undefined ? [] : [`part: ${why}; use another pin`]);
	});

	it("of a bus must be able to drive it", () => {
		expect(faults({ buses: { main: { data: 34, clock: 22 } } })).toEqual([
			"bus main: pin 34 of an ESP32 can only be an input; use another pin",
		]);
	});
});

describe("sensors", () => {
	const entity = (more: Parameters<typeof fakeSensor>[1], measures = ["v"]): Sketch => ({
		entities: { air: fakeSensor(measures, more) },
		buses: { main: { data: 21, clock: 22 } },
	});

	it.each([
		[{ everyMs: 99 }, "air: `every` is not between 100 ms and 24 days"],
		[{ everyMs: Number.POSITIVE_INFINITY }, "air: `every` is not between 100 ms and 24 days"],
		[{ everyMs: Number.NaN }, "air: `every` is not between 100 ms and 24 days"],
		[{ bus: "other", address: 0x40 }, 'air: there is no bus called "other"; add it to `buses`'],
		[{ bus: "toString", address: 0x40 }, 'air: there is no bus called "toString"; add it to `buses`'],
		[{ bus: "main", address: 0x7f }, "air: 0x7f is no address on an I2C bus: 0x08 to 0x77 are"],
		[{ measures: {} }, "air: it measures nothing"],
		[{ measures: { v: quantity("V", { min: 2, max: 2, decimals: 0 }) } }, "air: v: min 2 is not below max 2"],
		[{ measures: { v: quantity("V", { min: 0, max: 2, decimals: 7 }) } }, "air: v: 7 decimals are not 0 to 6"],
	])("%o: %s", (more, message) => {
		expect(faults(entity(more))).toEqual([message]);
	});

	it("have an address each", () => {
		const chip = fakeSensor(["v"], { bus: "main", address: 0x76 });
		expect(faults({ buses: { main: { data: 21, clock: 22 } }, entities: { a: chip, b: chip } })).toEqual([
			"b: address 0x76 on bus main is already used by a; set another `address`",
		]);
	});
});

describe("numbers", () => {
	it.each([
		[{ min: 35, max: 5 }, "min 35 is not below max 5"],
		[{ min: Number.NaN, max: 5 }, "min NaN is not below max 5"],
		[{ min: 0, max: Number.POSITIVE_INFINITY }, "min 0 is not below max Infinity"],
		[{ min: 0, max: 5, step: 0 }, "step 0 does not fit the range"],
		[{ min: 0, max: 5, step: 6 }, "step 6 does not fit the range"],
		[{ min: 0, max: 5, initial: 6 }, "initial 6 is outside the range"],
		[{ min: 0, max: 5, step: 0.0000001 }, "1e-7 has more than 6 decimals"],
	])("%o: %s", (options, message) => {
		expect(faults({ entities: { target: number(options) } })).toEqual([`target: ${message}`]);
	});
});

describe("switches, contacts and buttons", () => {
	it.each<[Definition, string]>([
		[fakeSwitch({ maxOnMs: 0 }), "`maxOn` is not between 1 ms and 24 days"],
		[fakeSwitch({ maxOnMs: Number.NaN }), "`maxOn` is not between 1 ms and 24 days"],
		[fakeSwitch({ onLinkLost: { after: -1, go: "OFF" } }), "`onLinkLost.after` is not between 0 and 24 days"],
		[contact({ debounceMs: -1 }), "`debounce` is not between 0 and 24 days"],
		[pushButton({ holdMs: 30 }), "`hold` is not longer than `debounce`"],
	])("%#: %s", (definition, message) => {
		expect(faults({ entities: { part: definition } })).toEqual([`part: ${message}`]);
	});
});

describe("the whole", () => {
	it("sends telemetry at a bearable pace", () => {
		for (const telemetryEvery of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
			expect(faults({ telemetryEvery })).toEqual(["device: `telemetryEvery` is not between 1 s and 24 days"]);
	});

	it("can be described in one message", () => {
		const entities: Record<string, Definition> = {};
		for (let i = 0; i < 60; i++) entities[`number${i}`] = number({ min: 0, max: 1 });
		expect(faults({ entities })).toEqual([
			"device: its description does not fit into one message; split it into two devices",
		]);
	});
});

describe("rules", () => {
	const rule = (entity: string, event: Rule["trigger"]["event"], target: string): Sketch => ({
		entities: { key: button(), door: contact({}), pump: fakeSwitch({}) },
		rules: [{ trigger: { entity, event }, actions: [{ entity: target, action: "on" }] }],
	});

	it.each([
		["key", "press", "pump", []],
		["door", "off", "pump", []],
		["nokey", "press", "pump", ['rules: there is no entity called "nokey"']],
		["key", "press", "toString", ['rules: there is no entity called "toString"']],
		["key", "on", "pump", ['rules: key tells no "on"']],
		["pump", "press", "door", ['rules: pump tells no "press"', "rules: door cannot be switched"]],
	] as const)("when %s %s then %s", (entity, event, target, expected) => {
		expect(faults(rule(entity, event, target))).toEqual(expected);
	});
});
