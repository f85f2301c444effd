import type { Device, Part } from "../../model/device.js";
import { reasonOf } from "../../model/fault.js";
import type { Action, Trigger } from "../../model/rules.js";
import { createEntity } from "./create.js";
import { type Context, type Entity, quote } from "./entity.js";

/** The entities of a running device, and the `state` topics that they have between them. */
export class EntityList {
	/** In the order of the device's parts. */
	readonly all: readonly Entity[];
	private readonly context: Context;

	constructor(context: Context, { parts }: Device) {
		this.context = context;
		this.all = parts.map((part) => createEntity(context, part));
	}

	/** The entity with this name on the wire; a value of a sensor counts as the sensor. */
	find(id: string): Entity | undefined {
		const index = this.parts.findIndex((part) => part.id === id || part.valueIds.includes(id));
		return index < 0 ? undefined : this.all[index];
	}

	private get parts(): readonly Part[] {
		return this.context.device.parts;
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
		return (this.all[part.index] as Entity).stateText(stateIndex - part.stateIndex);
	}

	/** Topic of a state below the device's own. */
	stateTopic(stateIndex: number): string {
		const part = this.partOf(stateIndex);
		return `${part.valueIds[stateIndex - part.stateIndex] ?? part.id}/state`;
	}

	/** Names of the parts that do not answer. */
	stale(): string[] {
		return this.parts.filter((_, index) => this.all[index]?.stale === true).map((part) => part.id);
	}

	/** Names of the outputs that are away from their safe state. */
	busy(): string[] {
		return this.parts.filter((_, index) => this.all[index]?.busy === true).map((part) => part.id);
	}

	private act(key: string, action: Action["action"], why: string): void {
		const index = this.parts.findIndex((part) => part.key === key);
		try {
			this.all[index]?.act?.(action, why);
		} catch (error) {
			this.context.event(this.parts[index]?.id ?? key, "fault", `,"reason":${quote(reasonOf(error))}`);
		}
	}

	/** The part that one of the device's `state` topics belongs to. */
	private partOf(stateIndex: number): Part {
		let index = 0;
		while (stateIndex >= endOfStates(this.parts[index] as Part)) index++;
		return this.parts[index] as Part;
	}
}

/** One past the number of a part's last `state` topic. */
function endOfStates({ stateIndex, stateCount }: Part): number {
	return stateIndex + stateCount;
}
