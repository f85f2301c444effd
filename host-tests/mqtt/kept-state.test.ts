import { describe, expect, it } from "vitest";
import { InFlight, PUBACK_AWAITED, PUBCOMP_AWAITED, PUBREC_AWAITED } from "../../firmware/mqtt/in-flight.js";
import { KeptState } from "../../firmware/mqtt/kept-state.js";
import { ScriptedStore } from "./bench.js";

function filled(): InFlight {
	const inFlight = new InFlight(4);
	inFlight.add(7, 1_700_000_000_123, PUBREC_AWAITED, 0);
	inFlight.add(8, 2, PUBACK_AWAITED, 0);
	inFlight.add(65_535, 3, PUBCOMP_AWAITED, 0);
	return inFlight;
}

function entries(inFlight: InFlight): number[][] {
	return Array.from({ length: inFlight.count }, (_, at) => [
		inFlight.idAt(at),
		inFlight.tokenAt(at),
		inFlight.awaitsAt(at),
	]);
}

describe("what is kept of a session", () => {
	it("is what QoS 2 needs, and comes back in order", () => {
		const store = new ScriptedStore();
		new KeptState(store, "dev").keep(filled(), [5, 6]);
		const back = new InFlight(4);
		expect(new KeptState(store, "dev").restore(back)).toEqual([5, 6]);
		expect(entries(back)).toEqual([
			[7, 1_700_000_000_123, PUBREC_AWAITED],
			[65_535, 3, PUBCOMP_AWAITED],
		]);
		expect(back.sent).toBe(0);
	});

	it("is written only when it changed", () => {
		const store = new ScriptedStore();
		const kept = new KeptState(store, "dev");
		kept.keep(filled(), [5]);
		new KeptState(store, "dev").keep(filled(), [5]);
		expect(store.take()).toEqual(["1;7,1700000000123,2,65535,3,3;5;dev"]);
		kept.keep(filled(), []);
		expect(store.take().length).toBe(1);
		kept.drop();
		kept.drop();
		expect(store.take()).toEqual(["deleted"]);
	});

	it("fits in a value of the store at its largest", () => {
		const store = new ScriptedStore();
		const inFlight = new InFlight(16);
		for (let id = 65_520; id < 65_536; id++) inFlight.add(id, Number.MAX_SAFE_INTEGER - id, PUBREC_AWAITED, 0);
		new KeptState(store, "x".repeat(64)).keep(
			inFlight,
			Array.from({ length: 32 }, (_, at) => 65_504 + at),
		);
		expect(store.take()[0]?.length).toBeLessThan(1_000);
	});

	it("is nothing when it is another client's, or not to be understood", () => {
		const good = "1;7,1,2;5;dev";
		const bad = [
			"1;7,1,2;5;other",
			"2;7,1,2;5;dev",
			"1;7,1;5;dev",
			"1;0,1,2;5;dev",
			"1;7,1,1;5;dev",
			"1;7,x,2;5;dev",
			"1;7,1,2;70000;dev",
			"1;7,1,2;;5;dev",
			"",
			`1;${Array.from({ length: 5 }, (_, at) => `${at + 1},1,2`).join()};;dev`,
			`1;;${Array.from({ length: 33 }, (_, at) => at + 1).join()};dev`,
		];
		for (const text of [good, ...bad]) {
			const store = new ScriptedStore();
			store.values.set("mqtt", text);
			const inFlight = new InFlight(4);
			expect(new KeptState(store, "dev").restore(inFlight), text).toEqual(text === good ? [5] : undefined);
			expect(inFlight.count).toBe(text === good ? 1 : 0);
		}
		expect(new KeptState(new ScriptedStore(), "dev").restore(new InFlight(1))).toBeUndefined();
	});

	it("may hold a client id with anything in it", () => {
		const store = new ScriptedStore();
		const name = "a;1,2;b";
		new KeptState(store, name).keep(filled(), []);
		expect(new KeptState(store, name).restore(new InFlight(4))).toEqual([]);
	});

	it("counts what the store refuses, and throws nothing", () => {
		const store = new ScriptedStore();
		const kept = new KeptState(store, "dev");
		kept.keep(filled(), []);
		store.before = () => {
			throw new Error("flash is worn out");
		};
		kept.keep(filled(), [1]);
		kept.drop();
		expect(kept.failures).toBe(2);
		store.get = () => {
			throw new Error("flash cannot be read");
		};
		expect(kept.restore(new InFlight(4))).toBeUndefined();
		expect(kept.failures).toBe(3);
	});
});
