import { EventEmitter as NodeEmitter } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventEmitter } from "../../../firmware/mqtt/standins/events.js";

const step = fc.record({ on: fc.boolean(), name: fc.constantFrom("packet", "error", "other"), value: fc.nat() });

/** What a history of `on` and `emit` gives, as text. */
function play(
	emitter: Pick<EventEmitter, "on" | "emit">,
	steps: { on: boolean; name: string; value: number }[],
): string[] {
	const heard: string[] = [];
	for (const { on, name, value } of steps) {
		if (on) {
			expect(emitter.on(name, (got) => heard.push(`${value} heard ${name} ${got}`))).toBe(emitter);
			continue;
		}
		try {
			heard.push(`${emitter.emit(name, new Error(String(value)))}`);
		} catch (error) {
			heard.push(`thrown ${error}`);
		}
	}
	return heard;
}

describe("the stand-in for events, beside Node's", () => {
	it("calls the same listeners in the same order, and throws errors that nobody hears", () => {
		fc.assert(
			fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
				expect(play(new EventEmitter(), steps)).toEqual(play(new NodeEmitter() as never, steps));
			}),
		);
	});
});
