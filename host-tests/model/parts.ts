import type { LightDefinition, SwitchDefinition } from "../../firmware/model/actuators.js";
import type { PinUse } from "../../firmware/model/pins.js";
import { type Quantity, quantity } from "../../firmware/model/quantity.js";
import type { SensorDefinition } from "../../firmware/model/sensor.js";

function unopened(): never {
	throw new Error("this part is only described, never opened");
}

const plain = quantity("V", { min: -10, max: 10, decimals: 2 });

/** A sensor that can be described and not opened. */
export function fakeSensor(measures: readonly string[], more: Partial<SensorDefinition> = {}): SensorDefinition {
	const quantities: Record<string, Quantity> = {};
	for (const name of measures) quantities[name] = plain;
	return { kind: "sensor", model: "fake", measures: quantities, everyMs: 1_000, pins: [], open: unopened, ...more };
}

/** A switch that can be described and not opened. */
export function fakeSwitch(more: Partial<SwitchDefinition>): SwitchDefinition {
	return { kind: "switch", model: "fake", pins: [], safe: false, open: unopened, ...more };
}

export function fakeLight(pins: readonly PinUse[]): LightDefinition {
	return { kind: "light", model: "fake", pins, open: unopened };
}
