import type { LightDefinition, SwitchDefinition } from "./actuators.js";
import type { BinarySensorDefinition, ButtonDefinition } from "./inputs.js";

/** Something that happens at an input. */
export interface Trigger {
	readonly entity: string;
	readonly event: "press" | "hold" | "on" | "off";
}

/** Something done to an output. */
export interface Action {
	readonly entity: string;
	readonly action: "on" | "off" | "toggle";
}

/** Runs on the device itself, with or without a network. */
export interface Rule {
	readonly trigger: Trigger;
	readonly actions: readonly Action[];
}

export interface ButtonHandle {
	readonly press: Trigger;
	readonly hold: Trigger;
}

export interface BinarySensorHandle {
	readonly turnsOn: Trigger;
	readonly turnsOff: Trigger;
}

export interface OutputHandle {
	on(): Action;
	off(): Action;
	toggle(): Action;
}

/** What rules can say about an entity, by its kind. */
export type Handle<D> = D extends ButtonDefinition
	? ButtonHandle
	: D extends BinarySensorDefinition
		? BinarySensorHandle
		: D extends SwitchDefinition | LightDefinition
			? OutputHandle
			: Record<never, never>;

export type Handles<E> = { readonly [K in keyof E]: Handle<E[K]> };

/** `when(key.press, pump.toggle())` */
export function when(trigger: Trigger, ...actions: Action[]): Rule {
	return { trigger, actions };
}

/** The handle of one entity; every verb is there, the type shows those that its kind has. */
export function handleOf(entity: string): ButtonHandle & BinarySensorHandle & OutputHandle {
	return {
		press: { entity, event: "press" },
		hold: { entity, event: "hold" },
		turnsOn: { entity, event: "on" },
		turnsOff: { entity, event: "off" },
		on: () => ({ entity, action: "on" }),
		off: () => ({ entity, action: "off" }),
		toggle: () => ({ entity, action: "toggle" }),
	};
}
