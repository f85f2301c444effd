import type { Device, Part } from "../../model/device.js";
import { reasonOf } from "../../model/fault.js";
import type { Action, Trigger } from "../../model/rules.js";
import { createEntity } from "./create.js";
import { type Context, type Entity, quote } from "./entity.js";

/** The entities of a running device, and the `state` topics that they have between them. */
export class EntityList {
	/** In the order of the device's parts. */
	readonly all: readonly Entity[];
	readonly stateCount: number;
	private readonly context: Context;
	private readonly parts: readonly Part[];
	/** Number of the first `state` topic of each part. */
	private readonly firstState: Uint8Array;

	constructor(context: Context, device: Device) {
		this.context = context;
		this.parts = device.parts;
		this.firstState = new Uint8Array(device.parts.length);
		let states = 0;
		this.all = device.parts.map((part, partIndex) => {
			this.firstState[partIndex] = states;
			states += stateCountOf(part);
			return createEntity(context, { part, partIndex, stateIndex: states - stateCountOf(part) });
		});
		this.stateCount = states;
	}

	/** The entity with this name on the wire; a value of a sensor counts as the sensor. */
	find(id: string): Entity | undefined {
		const index = this.parts.findIndex((part) => part.id === id || part.valueIds.includes(id));
		return index < 0 ? undefined : this.all[index];
	}

	/** The first entity that can show which device this is. */
	get beacon(): Entity | undefined {
		return this.all.find(({ identify }) => identify !== undefined);
	}

	/** Runs the rules that wait for this. A part that fails must not keep the others from what its rule says. */
	trigger(key: string, event: Trigger["event"]): void {
		for (const { trigger, actions } of this.context.device.rules) {
			if (trigger.entity !== key || trigger.event !== event) continue;
			for (const { entity, action } of actions) this.act(entity, action, `rule ${key} ${event}`);
		}
	}

	stateText(stateIndex: number): string {
		const part = this.partOf(stateIndex);
		return (this.all[part] as Entity).stateText(stateIndex - (this.firstState[part] as number));
	}

	/** Topic of a state below the device's own. */
	stateTopic(stateIndex: number): string {
		const index = this.partOf(stateIndex);
		const part = this.parts[index] as Part;
		const id = part.valueIds[stateIndex - (this.firstState[index] as number)] ?? part.id;
		return `${id}/state`;
	}

	/** Names of the parts that do not answer. */
	stale(): string[] {
		return this.parts.filter((_, index) => this.all[index]?.stale === true).map((part) => part.id);
	}

	private act(key: string, action: Action["action"], why: string): void {
		const index = this.parts.findIndex((part) => part.key === key);
		try {
			this.all[index]?.act?.(action, why);
		} catch (error) {
			this.context.event(this.parts[index]?.id ?? key, "fault", `,"reason":${quote(reasonOf(error))}`);
		}
	}

	private partOf(stateIndex: number): number {
		let index = this.parts.length - 1;
		while (index > 0 && !this.covers(index, stateIndex)) index--;
		return index;
	}

	private covers(index: number, stateIndex: number): boolean {
		return stateCountOf(this.parts[index] as Part) > 0 && stateIndex >= (this.firstState[index] as number);
	}
}

/** How many `state` topics a part has: a sensor one for each value, a button none. */
export function stateCountOf(part: Part): number {
	if (part.definition.kind === "sensor") return part.valueIds.length;
	return part.definition.kind === "button" ? 0 : 1;
}
