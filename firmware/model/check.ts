import type { SwitchDefinition } from "./actuators.js";
import { checkPins } from "./check-pins.js";
import { CHIPS, type Chip } from "./chips.js";
import type { Device, Kind, Part } from "./device.js";
import { Fault } from "./fault.js";
import type { BinarySensorDefinition, ButtonDefinition } from "./inputs.js";
import { isId } from "./names.js";
import { DECIMALS_MAX, type NumberDefinition } from "./number.js";
import type { Trigger } from "./rules.js";
import type { SensorDefinition } from "./sensor.js";

const EVERY_MS_MIN = 100;
const TELEMETRY_MS_MIN = 1_000;
const MS_MAX = 0x7fff_ffff; // 24 days: what a timer of the platform holds
const NUMBER_MAX = 1e9; // beyond, six decimals are more than a double holds
const NAME_CHARACTERS_MAX = 64;
const ABOUT_CHARACTERS_MAX = 3_600; // the session's largest packet is 4,096 bytes, and `about` says more than this

/** Everything that is wrong with a device, in plain words; an empty list means that it can be built for `chip`. */
export function checkDevice(device: Device, chip: Chip = "esp32"): Fault[] {
	return [
		...checkWhole(device),
		...checkNames(device),
		...device.parts.flatMap((part) => checkPart(part, device)),
		...checkPins(device, CHIPS[chip]),
		...checkAddresses(device),
		...(device.cloud?.check(device) ?? []).map((why) => new Fault(device.cloud?.name ?? "cloud", why)),
		...device.rules.flatMap(({ trigger, actions }) => checkRule(device, trigger, actions)),
	];
}

function checkWhole(device: Device): Fault[] {
	const faults: Fault[] = [];
	if (device.name.length === 0 || device.name.length > NAME_CHARACTERS_MAX)
		faults.push(new Fault("device", `\`name\` must have 1 to ${NAME_CHARACTERS_MAX} characters`));
	if (device.parts.length === 0) faults.push(new Fault("device", "it has no entities", "add one to `entities`"));
	if (!isTime(device.telemetryEveryMs, TELEMETRY_MS_MIN))
		faults.push(new Fault("device", "`telemetryEvery` is not between 1 s and 24 days"));
	if (device.entitiesJson.length > ABOUT_CHARACTERS_MAX)
		faults.push(new Fault("device", "its description does not fit into one message", "split it into two devices"));
	return faults;
}

function checkNames(device: Device): Fault[] {
	const faults: Fault[] = [];
	const seen = new Map<string, string>();
	for (const part of device.parts) {
		for (const id of new Set([part.id, ...part.valueIds])) {
			if (!isId(id))
				faults.push(new Fault(part.key, `"${id}" is no name for a topic`, "use 1 to 32 letters and digits"));
			const other = seen.get(id);
			if (other !== undefined) faults.push(new Fault(part.key, `"${id}" is also the name of ${other}`, "rename one"));
			seen.set(id, part.key);
		}
	}
	return faults;
}

function checkPart({ key, definition }: Part, device: Device): Fault[] {
	const why = definitionFaults(definition, device);
	return why.map((each) => new Fault(key, each));
}

function definitionFaults(definition: Part["definition"], device: Device): string[] {
	switch (definition.kind) {
		case "sensor":
			return sensorFaults(definition, device);
		case "number":
			return numberFaults(definition);
		case "switch":
			return switchFaults(definition);
		case "binary_sensor":
		case "button":
			return inputFaults(definition);
		default:
			return [];
	}
}

function sensorFaults({ everyMs, bus, address, measures }: SensorDefinition, device: Device): string[] {
	const faults: string[] = [];
	if (!isTime(everyMs, EVERY_MS_MIN)) faults.push(`\`every\` is not between ${EVERY_MS_MIN} ms and 24 days`);
	if (bus !== undefined && !Object.keys(device.buses).includes(bus))
		faults.push(`there is no bus called "${bus}"; add it to \`buses\``);
	if (bus !== undefined && !(address !== undefined && address >= 0x08 && address <= 0x77))
		faults.push(`0x${address?.toString(16)} is no address on an I2C bus: 0x08 to 0x77 are`);
	const quantities = Object.entries(measures);
	if (quantities.length === 0) faults.push("it measures nothing");
	for (const [name, { min, max, decimals }] of quantities) {
		if (!isRange(min, max)) faults.push(`${name}: min ${min} is not below max ${max}`);
		if (!(Number.isInteger(decimals) && decimals >= 0 && decimals <= DECIMALS_MAX))
			faults.push(`${name}: ${decimals} decimals are not 0 to ${DECIMALS_MAX}`);
	}
	return faults;
}

function numberFaults({ min, max, step, initial }: NumberDefinition): string[] {
	if (!isRange(min, max)) return [`min ${min} is not below max ${max}`];
	if (!(step > 0 && step <= max - min)) return [`step ${step} does not fit the range`];
	if (!(initial >= min && initial <= max)) return [`initial ${initial} is outside the range`];
	const endless = [min, max, step].find((value) => Number(value.toFixed(DECIMALS_MAX)) !== value);
	return endless === undefined ? [] : [`${endless} has more than ${DECIMALS_MAX} decimals`];
}

function switchFaults({ maxOnMs, onLinkLost }: SwitchDefinition): string[] {
	const faults: string[] = [];
	if (maxOnMs !== undefined && !isTime(maxOnMs, 1)) faults.push("`maxOn` is not between 1 ms and 24 days");
	if (onLinkLost !== undefined && !isTime(onLinkLost.after, 0))
		faults.push("`onLinkLost.after` is not between 0 and 24 days");
	return faults;
}

function inputFaults(definition: BinarySensorDefinition | ButtonDefinition): string[] {
	const { debounceMs } = definition;
	if (!isTime(debounceMs, 0)) return ["`debounce` is not between 0 and 24 days"];
	if (definition.kind === "binary_sensor" || definition.open === undefined) return [];
	return isTime(definition.holdMs, debounceMs + 1) ? [] : ["`hold` is not longer than `debounce`"];
}

function isTime(ms: number, leastMs: number): boolean {
	return ms >= leastMs && ms <= MS_MAX;
}

function isRange(min: number, max: number): boolean {
	return min >= -NUMBER_MAX && min < max && max <= NUMBER_MAX;
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

function checkRule(device: Device, trigger: Trigger, actions: readonly { readonly entity: string }[]): Fault[] {
	const isButton = trigger.event === "press" || trigger.event === "hold";
	const asked: { entity: string; kinds: readonly Kind[]; does: string }[] = [
		{ entity: trigger.entity, kinds: [isButton ? "button" : "binary_sensor"], does: `tells no "${trigger.event}"` },
	];
	for (const { entity } of actions) asked.push({ entity, kinds: ["switch", "light"], does: "cannot be switched" });
	const faults: Fault[] = [];
	for (const { entity, kinds, does } of asked) {
		const part = device.parts.find(({ key }) => key === entity);
		if (part === undefined) faults.push(new Fault("rules", `there is no entity called "${entity}"`));
		else if (!kinds.includes(part.definition.kind)) faults.push(new Fault("rules", `${entity} ${does}`));
	}
	return faults;
}
