import type { Device, Part } from "../../model/device.js";
import { createEntity } from "./create.js";
import type { Context, Entity } from "./entity.js";

/** The entities of a running device, and the `state` topics that they have between them. */
export class EntityList {
	/** In the order of the device's parts. */
	readonly all: readonly Entity[];
	readonly stateCount: number;
	private readonly parts: readonly Part[];
	/** Number of the first `state` topic of each part. */
	private readonly firstState: Uint8Array;

	constructor(context: Context, device: Device) {
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

	/** The entity with this key in the device file. */
	byKey(key: string): Entity | undefined {
		return this.all[this.parts.findIndex((part) => part.key === key)];
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
