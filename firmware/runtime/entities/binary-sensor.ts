import type { Part } from "../../model/device.js";
import type { BinaryInput, BinarySensorDefinition } from "../../model/inputs.js";
import { PressMachine } from "../../model/press.js";
import type { EdgeHandler } from "../../ports/pins.js";
import type { Context, Entity } from "./entity.js";
import { firstReading } from "./first-reading.js";

/** A two-state input, debounced. */
export class BinarySensorEntity implements Entity, EdgeHandler {
	private readonly context: Context;
	private readonly part: Part;
	private readonly input: BinaryInput;
	private readonly machine: PressMachine;
	private shown: boolean;

	constructor(context: Context, part: Part, definition: BinarySensorDefinition) {
		this.context = context;
		this.part = part;
		this.input = definition.open(context.board.hardware, this);
		this.machine = new PressMachine(definition, firstReading(this.input));
		this.shown = this.machine.active;
	}

	get dueMs(): number {
		return this.machine.dueMs;
	}

	stateText(): string {
		return this.shown ? "ON" : "OFF";
	}

	onEdge(): void {
		this.machine.input(this.input.active(), this.context.board.clock.monotonicMs());
		this.show();
	}

	run(nowMs: number): void {
		this.machine.run(nowMs);
		this.show();
	}

	close(): void {
		this.input.close();
	}

	private show(): void {
		if (this.machine.active === this.shown) return;
		this.shown = this.machine.active;
		this.context.stateChanged(this.part.stateIndex);
		this.context.trigger(this.part.key, this.shown ? "on" : "off");
	}
}
