import type { ChipPins } from "./chips.js";
import type { Device } from "./device.js";
import { Fault } from "./fault.js";
import type { PinUse } from "./pins.js";

/** Pins used twice, pins that the chip does not have, and pins that cannot do what they are for. */
export function checkPins(device: Device, chip: ChipPins): Fault[] {
	const faults: Fault[] = [];
	const users = new Map<number, string>();
	for (const { who, use } of pinUses(device)) {
		const other = users.get(use.pin);
		const why = pinFault(use, chip);
		if (why !== undefined) faults.push(new Fault(who, why, "use another pin"));
		else if (other !== undefined)
			faults.push(new Fault(who, `pin ${use.pin} is already used by ${other}`, "move one of them"));
		users.set(use.pin, who);
	}
	return faults;
}

function pinUses(device: Device): { who: string; use: PinUse }[] {
	const uses: { who: string; use: PinUse }[] = [];
	for (const [name, bus] of Object.entries(device.buses)) {
		for (const pin of [bus.data, bus.clock]) uses.push({ who: `bus ${name}`, use: { pin, as: "output" } });
	}
	for (const { key, definition } of device.parts) {
		for (const use of definition.pins) uses.push({ who: key, use });
	}
	return uses;
}

function pinFault({ pin, as }: PinUse, chip: ChipPins): string | undefined {
	const exists = Number.isInteger(pin) && pin >= 0 && pin <= chip.last && !chip.missing.includes(pin);
	if (!exists) return `an ${chip.name} has no pin ${pin}`;
	if (chip.flash.includes(pin)) return `pin ${pin} of an ${chip.name} leads to its flash memory`;
	if (as === "output" && chip.inputOnly.includes(pin)) return `pin ${pin} of an ${chip.name} can only be an input`;
	const [first, last] = chip.analog;
	if (as !== "analog" || (pin >= first && pin <= last)) return undefined;
	return `pin ${pin} of an ${chip.name} cannot measure a voltage while the radio is on: pins ${first} to ${last} can`;
}
