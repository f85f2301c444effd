import type { Part } from "../../model/device.js";
import { reasonOf } from "../../model/fault.js";
import { BinarySensorEntity } from "./binary-sensor.js";
import { ButtonEntity } from "./button.js";
import { type Context, type Entity, quote } from "./entity.js";
import { LightEntity } from "./light.js";
import { NumberEntity } from "./number.js";
import { SensorEntity } from "./sensor.js";
import { SwitchEntity } from "./switch.js";

/** Makes the entity of one part. A part that cannot be opened becomes a broken entity: the others go on. */
export function createEntity(context: Context, part: Part): Entity {
	try {
		return openEntity(context, part);
	} catch (error) {
		return new BrokenEntity(context, part, reasonOf(error));
	}
}

function openEntity(context: Context, part: Part): Entity {
	const { definition } = part;
	switch (definition.kind) {
		case "sensor":
			return new SensorEntity(context, part);
		case "binary_sensor":
			return new BinarySensorEntity(context, part, definition);
		case "switch":
			return new SwitchEntity(context, part, definition);
		case "light":
			return new LightEntity(context, part, definition);
		case "number":
			return new NumberEntity(context, part, definition);
		case "button":
			return new ButtonEntity(context, part, definition);
	}
}

/** Stands in for a part that could not be opened: says so, and refuses everything. */
class BrokenEntity implements Entity {
	dueMs = Number.POSITIVE_INFINITY;
	readonly stale = true;
	private readonly reason: string;

	constructor(context: Context, part: Part, reason: string) {
		this.reason = reason;
		context.event(part.id, "fault", `,"reason":${quote(reason)}`);
	}

	stateText(): string {
		return "unavailable";
	}

	check(): string {
		return `the part is out of order: ${this.reason}`;
	}

	run(): void {}

	close(): void {}
}
