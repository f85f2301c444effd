import type { LightDefinition, SwitchDefinition } from "../../../firmware/model/actuators.js";

/** What was written to an output, and what happens to it. */
export class FakeOutput {
	readonly written: (boolean | number)[] = [];
	closed = 0;
	/** How many of the next writes fail. */
	failures = 0;

	write(value: boolean | number): void {
		if (this.failures > 0) {
			this.failures--;
			throw new Error("the output is stuck");
		}
		this.written.push(value);
	}

	close(): void {
		this.closed++;
	}

	get last(): boolean | number | undefined {
		return this.written.at(-1);
	}
}

export function switchOn(output: FakeOutput, more: Partial<SwitchDefinition> = {}): SwitchDefinition {
	return { kind: "switch", model: "fake", pins: [], safe: false, ...more, open: () => output };
}

export function lightOn(output: FakeOutput): LightDefinition {
	return { kind: "light", model: "fake", pins: [], open: () => output };
}
