import type { Device, Part } from "../../firmware/model/device.js";
import type { Clock } from "../../firmware/ports/clock.js";
import type { VirtualHardware } from "../../host-tests/virtual/hardware.js";
import type { VirtualSocket } from "../../host-tests/virtual/i2c.js";
import type { VirtualPin } from "../../host-tests/virtual/pins.js";
import { type Air, type BenchChip, makeChip } from "./chips.js";

/** One thing on the bench as the page shows it. */
export type BenchPart =
	| { readonly kind: "air"; readonly key: string; readonly model: string; readonly air: Air; readonly silent: boolean }
	| { readonly kind: "voltage"; readonly key: string; readonly fraction: number }
	| { readonly kind: "button" | "contact"; readonly key: string; readonly closed: boolean }
	| { readonly kind: "coil"; readonly key: string; readonly on: boolean }
	| { readonly kind: "lamp"; readonly key: string; readonly duty: number };

interface Place {
	show(): BenchPart;
	/** Throws when the knob or the value is none. */
	turn(knob: string, value: number): void;
}

/** What lies on the table around a virtual board: the chips and contacts that the device's description names. */
export class Bench {
	readonly #places = new Map<string, Place>();

	constructor(device: Device, hardware: VirtualHardware, clock: Clock) {
		for (const part of device.parts) {
			const place = placeOf(part, device, hardware, clock);
			if (place !== undefined) this.#places.set(part.key, place);
		}
	}

	parts(): BenchPart[] {
		return [...this.#places.values()].map((place) => place.show());
	}

	turn(key: string, knob: string, value: number): void {
		const place = this.#places.get(key);
		if (place === undefined || !Number.isFinite(value)) throw new Error(`${key}: nothing to turn`);
		place.turn(knob, value);
	}
}

function placeOf(part: Part, device: Device, hardware: VirtualHardware, clock: Clock): Place | undefined {
	const { key, definition } = part;
	const use = definition.pins[0];
	const pin = use === undefined ? undefined : hardware.pins.at(use.pin);
	switch (definition.kind) {
		case "sensor": {
			const bus = definition.bus === undefined ? undefined : device.buses[definition.bus];
			if (bus !== undefined) {
				const chip = makeChip(definition.model, clock);
				return chip && chipPlace(key, chip, hardware.attach(chip.chip, { ...bus, address: definition.address ?? 0 }));
			}
			return pin === undefined ? undefined : voltagePlace(key, pin);
		}
		case "binary_sensor":
			return pin === undefined ? undefined : contactPlace(key, "contact", pin);
		case "button":
			return pin === undefined ? undefined : contactPlace(key, "button", pin);
		case "switch":
			return pin === undefined ? undefined : coilPlace(key, pin, definition.safe);
		case "light":
			return pin === undefined ? undefined : lampPlace(key, pin);
		default:
			return undefined;
	}
}

function chipPlace(key: string, chip: BenchChip, socket: VirtualSocket): Place {
	return {
		show: () => ({ kind: "air", key, model: chip.chip.model, air: chip.air(), silent: socket.silent }),
		turn(knob, value) {
			if (knob === "silent") socket.silent = value === 1;
			else chip.turn(knob, value);
		},
	};
}

function voltagePlace(key: string, pin: VirtualPin): Place {
	pin.fraction = 0.5;
	return {
		show: () => ({ kind: "voltage", key, fraction: pin.fraction }),
		turn(_knob, value) {
			pin.fraction = value;
		},
	};
}

function contactPlace(key: string, kind: "button" | "contact", pin: VirtualPin): Place {
	let closed = false;
	return {
		show: () => ({ kind, key, closed }),
		turn(_knob, value) {
			closed = value === 1;
			if (closed) pin.press();
			else pin.letGo();
		},
	};
}

/** Which level moves the coil is the driver's secret; the first level a pin shows is that of the safe state. */
function coilPlace(key: string, pin: VirtualPin, safe: boolean): Place {
	let restLevel: number | undefined;
	return {
		show() {
			restLevel ??= pin.history[0]?.value;
			const on = pin.value !== undefined && (pin.value !== restLevel) !== safe;
			return { kind: "coil", key, on };
		},
		turn() {
			throw new Error(`${key}: only the firmware moves it`);
		},
	};
}

function lampPlace(key: string, pin: VirtualPin): Place {
	return {
		show: () => ({ kind: "lamp", key, duty: pin.value ?? 0 }),
		turn() {
			throw new Error(`${key}: only the firmware dims it`);
		},
	};
}
