import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InFlight, PUBACK_AWAITED } from "../../firmware/mqtt/in-flight.js";

describe("the messages in flight", () => {
	it("counts identifiers from 1 to 65,535 and begins again, never with 0 [MQTT-2.2.1-3]", () => {
		const inFlight = new InFlight(2);
		const seen = Array.from({ length: 65_536 }, () => inFlight.nextId(0));
		expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
		expect(seen.slice(-2)).toEqual([65_535, 1]);
	});

	it("steps over identifiers in use, its own and one of a SUBSCRIBE", () => {
		const inFlight = new InFlight(2);
		inFlight.add(inFlight.nextId(0), 10, PUBACK_AWAITED, 0);
		for (let id = 2; id <= 65_535; id++) inFlight.nextId(0);
		expect(inFlight.nextId(2)).toBe(3);
	});

	it("behaves as a plain list does", () => {
		const command = fc.oneof(fc.constant("add"), fc.nat(5));
		fc.assert(
			fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
				const inFlight = new InFlight(4);
				const model: { id: number; token: number; ms: number }[] = [];
				let ms = 0;
				for (const what of commands) {
					ms += 10;
					if (what === "add") {
						if (model.length === inFlight.max) continue;
						const id = inFlight.nextId(0);
						expect(model.some((entry) => entry.id === id)).toBe(false);
						inFlight.add(id, ms + 0.5, PUBACK_AWAITED, ms);
						model.push({ id, token: ms + 0.5, ms });
					} else {
						const index = Number(what) % (model.length + 1);
						const id = model[index]?.id ?? 60_000;
						const place = inFlight.find(id);
						expect(place).toBe(model[index] === undefined ? -1 : index);
						if (place >= 0) expect(inFlight.remove(place)).toBe(model.splice(index, 1)[0]?.token);
					}
					expect(inFlight.count).toBe(model.length);
					expect(inFlight.oldestMs()).toBe(model[0]?.ms ?? Number.POSITIVE_INFINITY);
				}
				inFlight.clear();
				expect(inFlight.oldestMs()).toBe(Number.POSITIVE_INFINITY);
			}),
		);
	});
});
