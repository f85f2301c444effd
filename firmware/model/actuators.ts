import type { Hardware } from "../ports/board.js";
import type { PinUse } from "./pins.js";

/** What to do with an output when the broker has been out of reach for a while. */
export interface LinkLossPolicy {
	/** Milliseconds without a broker. */
	readonly after: number;
	readonly go: "ON" | "OFF";
}

/** The hardware behind a switch. */
export interface SwitchOutput {
	write(on: boolean): void;
	close(): void;
}

export interface SwitchDefinition {
	readonly kind: "switch";
	readonly model: string;
	readonly pins: readonly PinUse[];
	/** The state in which nothing can go wrong: shown first at boot, and whenever in doubt. */
	readonly safe: boolean;
	/** Longest time the output may stay away from its safe state, milliseconds. */
	readonly maxOnMs?: number;
	readonly onLinkLost?: LinkLossPolicy;
	/** Opens the output; its first level is the one of the safe state. */
	open(hardware: Hardware): SwitchOutput;
}

/** The hardware behind a light. */
export interface LightOutput {
	/** Brightness as people see it, 0 (off) to 1. */
	write(brightness: number): void;
	close(): void;
}

export interface LightDefinition {
	readonly kind: "light";
	readonly model: string;
	readonly pins: readonly PinUse[];
	/** Opens the output, dark. */
	open(hardware: Hardware): LightOutput;
}
