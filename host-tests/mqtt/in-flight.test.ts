import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InFlight, PUBACK_AWAITED, PUBCOMP_AWAITED, PUBREC_AWAITED } from "../../firmware/mqtt/in-flight.js";

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
		const command = fc.oneof(
			...["add", "resend", "rewind"].map((what) => fc.constant({ what, at: 0 })),
			fc.record({ what: fc.constantFrom("remove", "release"), at: fc.nat(5) }),
		);
		fc.assert(
			fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
				const inFlight = new InFlight(4);
				let sent: Entry[] = [];
				let unsent: Entry[] = [];
				let ms = 0;
				for (const { what, at } of commands) {
					ms += 10;
					const all = [...sent, ...unsent];
					const entry = all[at];
					if (what === "add" && unsent.length === 0 && sent.length < inFlight.max) {
						const id = inFlight.nextId(0);
						expect(all.some((one) => one.id === id)).toBe(false);
						inFlight.add(id, ms + 0.5, PUBREC_AWAITED, ms);
						sent.push({ id, token: ms + 0.5, awaits: PUBREC_AWAITED, ms });
					} else if (what === "rewind") {
						inFlight.rewind();
						unsent = all;
						sent = [];
					} else if (what === "resend" && unsent[0] !== undefined) {
						inFlight.resent(ms);
						sent.push({ ...unsent[0], ms });
						unsent = unsent.slice(1);
					} else if (entry !== undefined && (what === "remove" || what === "release")) {
						sent = sent.filter((one) => one !== entry);
						unsent = unsent.filter((one) => one !== entry);
						if (what === "remove") expect(inFlight.remove(at)).toBe(entry.token);
						else {
							inFlight.release(at, ms);
							sent.push({ ...entry, awaits: PUBCOMP_AWAITED, ms });
						}
					}
					expect(read(inFlight)).toEqual([...sent, ...unsent].map(({ id, token, awaits }) => ({ id, token, awaits })));
					expect(inFlight.sent).toBe(sent.length);
					expect(inFlight.oldestMs()).toBe(sent[0]?.ms ?? Number.POSITIVE_INFINITY);
					expect(inFlight.find(60_000)).toBe(-1);
					expect(inFlight.holds(ms)).toBe(false);
				}
				inFlight.clear();
				expect(inFlight.oldestMs()).toBe(Number.POSITIVE_INFINITY);
			}),
		);
	});
});

interface Entry {
	readonly id: number;
	readonly token: number;
	readonly awaits: number;
	readonly ms: number;
}

function read(inFlight: InFlight): Omit<Entry, "ms">[] {
	return Array.from({ length: inFlight.count }, (_, place) => {
		const [id, token] = [inFlight.idAt(place), inFlight.tokenAt(place)];
		expect(inFlight.find(id)).toBe(place);
		expect(inFlight.holds(token)).toBe(true);
		return { id, token, awaits: inFlight.awaitsAt(place) };
	});
}
