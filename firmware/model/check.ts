import type { Device, Part } from "./device.js";
import { Fault } from "./fault.js";
import type { PinUse } from "./pins.js";

const ID_LENGTH_MAX = 32; // the wire contract's limit for every name in a topic
const INPUT_ONLY_ESP32 = [34, 35, 36, 37, 38, 39]; // ESP32 datasheet, section 2.2: no output driver

/** Everything that is wrong with a device, in plain words; an empty list means that it can be built. */
export function checkDevice(device: Device): Fault[] {
	return [
		...checkNames(device),
		...device.parts.flatMap((part) => checkPart(part, device)),
		...checkPins(device),
		...checkAddresses(device),
		...checkRules(device),
	];
}

function checkNames(device: Device): Fault[] {
	const faults: Fault[] = [];
	const seen = new Map<string, string>();
	if (device.parts.length === 0) faults.push(new Fault("device", "it has no entities", "add one to `entities`"));
	for (const part of device.parts) {
		for (const id of part.valueIds.length > 0 ? part.valueIds : [part.id]) {
			if (!isId(id))
				faults.push(new Fault(part.key, `"${id}" is no name for a topic`, "use 1 to 32 letters and digits"));
			const other = seen.get(id);
			if (other !== undefined) faults.push(new Fault(part.key, `"${id}" is also the name of ${other}`, "rename one"));
			seen.set(id, part.key);
		}
	}
	return faults;
}

/** `[a-z0-9-]{1,32}` */
export function isId(id: string): boolean {
	if (id.length === 0 || id.length > ID_LENGTH_MAX) return false;
	for (const char of id) {
		if (!((char >= "a" && char <= "z") || (char >= "0" && char <= "9") || char === "-")) return false;
	}
	return true;
}

function checkPart(part: Part, device: Device): Fault[] {
	const { key, definition } = part;
	switch (definition.kind) {
		case "sensor":
			if (!(definition.everyMs >= 100)) return [new Fault(key, "`every` is below 100 ms", "measure less often")];
			if (definition.bus === undefined || definition.bus in device.buses) return [];
			return [new Fault(key, `there is no bus called "${definition.bus}"`, "add it to `buses`")];
		case "number": {
			const { min, max, step, initial } = definition;
			if (!(min < max)) return [new Fault(key, `min ${min} is not below max ${max}`, "swap them")];
			if (!(step > 0 && step <= max - min)) return [new Fault(key, `step ${step} does not fit the range`)];
			if (!(initial >= min && initial <= max)) return [new Fault(key, `initial ${initial} is outside the range`)];
			return [];
		}
		case "switch":
			if (definition.maxOnMs !== undefined && !(definition.maxOnMs > 0))
				return [new Fault(key, "`maxOn` is not above 0")];
			return [];
		default:
			return [];
	}
}

function checkPins(device: Device): Fault[] {
	const faults: Fault[] = [];
	const users = new Map<number, string>();
	const claim = (pin: number, who: string): void => {
		const other = users.get(pin);
		if (!Number.isInteger(pin) || pin < 0) faults.push(new Fault(who, `${pin} is no pin`));
		else if (other !== undefined)
			faults.push(new Fault(who, `pin ${pin} is already used by ${other}`, "move one of them"));
		users.set(pin, who);
	};
	for (const name of Object.keys(device.buses)) {
		const bus = device.buses[name];
		if (bus === undefined) continue;
		for (const pin of [bus.data, bus.clock]) {
			claim(pin, `bus ${name}`);
			faults.push(...checkDirection(`bus ${name}`, { pin, as: "output" }));
		}
	}
	for (const { key, definition } of device.parts) {
		for (const use of definition.pins) {
			claim(use.pin, key);
			faults.push(...checkDirection(key, use));
		}
	}
	return faults;
}

function checkDirection(who: string, use: PinUse): Fault[] {
	if (use.as !== "output" || !INPUT_ONLY_ESP32.includes(use.pin)) return [];
	return [new Fault(who, `pin ${use.pin} of an ESP32 can only be an input`, "use a pin below 34")];
}

function checkAddresses(device: Device): Fault[] {
	const faults: Fault[] = [];
	const users = new Map<string, string>();
	for (const { key, definition } of device.parts) {
		if (definition.kind !== "sensor" || definition.bus === undefined) continue;
		const place = `address 0x${(definition.address ?? 0).toString(16)} on bus ${definition.bus}`;
		const other = users.get(place);
		if (other !== undefined)
			faults.push(new Fault(key, `${place} is already used by ${other}`, "set another `address`"));
		users.set(place, key);
	}
	return faults;
}

function checkRules(device: Device): Fault[] {
	const keys = device.parts.map((part) => part.key);
	return device.rules.flatMap(({ trigger, actions }) =>
		[trigger, ...actions]
			.filter(({ entity }) => !keys.includes(entity))
			.map(({ entity }) => new Fault("rules", `there is no entity called "${entity}"`)),
	);
}
