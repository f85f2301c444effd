import type { BinaryInput, BinarySensorDefinition, ButtonDefinition } from "../../../firmware/model/inputs.js";
import type { EdgeHandler } from "../../../firmware/ports/pins.js";

/** A contact that a test opens and closes. */
export class FakeInput implements BinaryInput {
	level = false;
	closed = 0;
	broken = false;
	handler: EdgeHandler | undefined;

	active(): boolean {
		if (this.broken) throw new Error("the pin cannot be read");
		return this.level;
	}

	close(): void {
		this.closed++;
	}

	/** The level changes, and the platform says so. */
	change(level: boolean): void {
		this.level = level;
		this.handler?.onEdge();
	}

	contact(): BinarySensorDefinition {
		return { kind: "binary_sensor", model: "fake", pins: [], debounceMs: 30, open: (_, handler) => this.open(handler) };
	}

	button(): ButtonDefinition {
		const open: ButtonDefinition["open"] = (_, handler) => this.open(handler);
		return { kind: "button", model: "fake", pins: [], debounceMs: 30, holdMs: 800, open };
	}

	private open(handler: EdgeHandler): this {
		this.handler = handler;
		return this;
	}
}
