import type { Part } from "../../model/device.js";
import type { JsonValue } from "../../model/document.js";
import type { BinaryInput, ButtonDefinition } from "../../model/inputs.js";
import { PressMachine } from "../../model/press.js";
import type { EdgeHandler } from "../../ports/pins.js";
import { type Context, type Entity, refusal } from "./entity.js";
import { firstReading } from "./first-reading.js";

/** A button, pressed by hand or over MQTT. */
export class ButtonEntity implements Entity, EdgeHandler {
	private readonly context: Context;
	private readonly part: Part;
	private readonly input: BinaryInput | undefined;
	private readonly machine: PressMachine;

	constructor(context: Context, part: Part, definition: ButtonDefinition) {
		this.context = context;
		this.part = part;
		this.input = definition.open?.(context.board.hardware, this);
		const pressed = this.input !== undefined && firstReading(this.input);
		this.machine = new PressMachine(definition, pressed);
	}

	get dueMs(): number {
		return this.machine.dueMs;
	}

	stateText(): string {
		return "";
	}

	check(value: JsonValue): string | undefined {
		return value === "PRESS" || value === "HOLD" ? undefined : refusal("PRESS or HOLD");
	}

	set(value: JsonValue): void {
		this.happened(value === "PRESS" ? "press" : "hold");
	}

	onEdge(): void {
		if (this.input === undefined) return;
		this.tell(this.machine.input(this.input.active(), this.context.board.clock.monotonicMs()));
	}

	run(nowMs: number): void {
		this.tell(this.machine.run(nowMs));
	}

	close(): void {
		this.input?.close();
	}

	private tell(event: "press" | "hold" | "release" | undefined): void {
		if (event === "press" || event === "hold") this.happened(event);
	}

	/** The rules first: what the button does must not wait for what it tells. */
	private happened(event: "press" | "hold"): void {
		this.context.trigger(this.part.key, event);
		this.context.event(this.part.id, event, "");
	}
}
