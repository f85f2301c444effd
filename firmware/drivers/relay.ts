import type { LinkLossPolicy, SwitchDefinition, SwitchOutput } from "../model/actuators.js";
import type { DigitalOutput, Level } from "../ports/pins.js";

export interface RelayOptions {
	readonly pin: number;
	/** The relay is on while the pin is low, as on most relay boards. False unless set. */
	readonly activeLow?: boolean;
	/** The state in which nothing can go wrong. "OFF" unless set. */
	readonly safe?: "ON" | "OFF";
	/** Longest time away from the safe state, milliseconds; no limit unless set. */
	readonly maxOn?: number;
	/** What to do when the broker has been out of reach for a while; nothing unless set. */
	readonly onLinkLost?: LinkLossPolicy;
}

/** Anything that is switched by one pin: a relay, a solenoid valve, a MOSFET. Its first level ever is the safe one. */
export function relay(options: RelayOptions): SwitchDefinition {
	const { pin, activeLow = false, safe = "OFF", maxOn, onLinkLost } = options;
	return {
		kind: "switch",
		model: "relay",
		pins: [{ pin, as: "output" }],
		safe: safe === "ON",
		...(maxOn === undefined ? {} : { maxOnMs: maxOn }),
		...(onLinkLost === undefined ? {} : { onLinkLost }),
		open(hardware) {
			const initial = levelOf(safe === "ON", activeLow);
			return new RelayOutput(hardware.digitalOutput({ pin, initial }), activeLow, initial);
		},
	};
}

class RelayOutput implements SwitchOutput {
	private readonly pin: DigitalOutput;
	private readonly activeLow: boolean;
	private readonly safeLevel: Level;

	constructor(pin: DigitalOutput, activeLow: boolean, safeLevel: Level) {
		this.pin = pin;
		this.activeLow = activeLow;
		this.safeLevel = safeLevel;
	}

	write(on: boolean): void {
		this.pin.write(levelOf(on, this.activeLow));
	}

	close(): void {
		this.pin.write(this.safeLevel); // some boards hold the last level of a pin that nobody has open
		this.pin.close();
	}
}

function levelOf(on: boolean, activeLow: boolean): Level {
	return on === activeLow ? 0 : 1;
}
