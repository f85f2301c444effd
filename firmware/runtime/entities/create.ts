import { reasonOf } from "../../model/fault.js";
import { BinarySensorEntity } from "./binary-sensor.js";
import { ButtonEntity } from "./button.js";
import { type Context, type Entity, type Place, quote } from "./entity.js";
import { LightEntity } from "./light.js";
import { NumberEntity } from "./number.js";
import { SensorEntity } from "./sensor.js";
import { SwitchEntity } from "./switch.js";

/** Makes the entity of one part. A part that cannot be opened becomes a broken entity: the others go on. */
export function createEntity(context: Context, place: Place): Entity {
	try {
		return openEntity(context, place);
	} catch (error) {
		return new BrokenEntity(context, place, reasonOf(error));
	}
}

function openEntity(context: Context, place: Place): Entity {
	const { definition } = place.part;
	switch (definition.kind) {
		case "sensor":
			return new SensorEntity(context, place, definition);
		case "binary_sensor":
			return new BinarySensorEntity(context, place, definition);
		case "switch":
			return new SwitchEntity(context, place, definition);
		case "light":
			return new LightEntity(context, place, definition);
		case "number":
			return new NumberEntity(context, place, definition);
		case "button":
			return new ButtonEntity(context, place, definition);
	}
}

/** Stands in for a part that could not be opened: says so, and refuses everything. */
class BrokenEntity implements Entity {
	dueMs = Number.POSITIVE_INFINITY;
	readonly stale = true;
	private readonly reason: string;

	constructor(context: Context, place: Place, reason: string) {
		this.reason = reason;
		context.event(place.part.id, "fault", `,"reason":${quote(reason)}`);
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
