import { beforeEach, describe, expect, it } from "vitest";
import { LinkRig } from "./link-rig.js";

let rig: LinkRig;
beforeEach(() => {
	rig = new LinkRig();
});

describe("pausing", () => {
	it("takes longer and longer while the broker is away, at random, up to two minutes", () => {
		rig.board.internet.server("10.0.0.1", 8883)?.stop();
		rig.start(3_600_000);
		expect(rig.pauses.length).toBeGreaterThan(30);
		expect(Math.min(...rig.pauses)).toBeGreaterThanOrEqual(1_000);
		expect(rig.pauses[0]).toBeLessThan(2_000);
		expect(Math.max(...rig.pauses)).toBeGreaterThan(90_000);
		expect(Math.max(...rig.pauses)).toBeLessThan(120_000);
		expect(new Set(rig.pauses).size).toBeGreaterThan(rig.pauses.length - 3);
	});

	it("goes to the ceiling at once when the credentials are refused", () => {
		const pauses: number[] = [];
		for (let i = 0; i < 40; i++) {
			if (i === 0) rig.start();
			rig.call(() => rig.link.ended({ kind: "credentials", reason: "who are you" }));
			pauses.push(rig.link.dueMs - rig.board.clock.monotonicMs());
			rig.board.world.until(() => rig.link.state === "online", 130_000, 100);
		}
		expect(Math.min(...pauses)).toBeGreaterThanOrEqual(60_000);
		expect(Math.max(...pauses)).toBeGreaterThan(110_000);
		expect(Math.max(...pauses)).toBeLessThan(120_000);
	});

	it("starts from the beginning only after a connection that lasted 30 s", () => {
		rig.start();
		for (let i = 0; i < 8; i++) {
			rig.call(() => rig.link.ended({ kind: "protocol", reason: "nonsense" }));
			rig.board.world.until(() => rig.link.state === "online", 130_000, 10);
		}
		expect(Math.max(...rig.pauses)).toBeGreaterThan(20_000);
		rig.board.world.advance(29_000);
		rig.call(() => rig.link.ended({ kind: "protocol", reason: "nonsense" }));
		expect(rig.link.dueMs - rig.board.clock.monotonicMs()).toBeGreaterThan(2_000);
		rig.board.world.until(() => rig.link.state === "online", 130_000, 10);
		rig.board.world.advance(31_000);
		rig.board.network.streams.at(-1)?.reset();
		rig.board.world.until(() => rig.link.state === "online", 130_000, 10);
		expect(rig.pauses.at(-1)).toBeLessThan(2_000);
	});

	it("forgets earlier failures also when a good connection ends with the network itself", () => {
		rig.start();
		for (let day = 0; day < 12; day++) {
			rig.board.world.advance(3_600_000);
			rig.board.network.cut();
			rig.board.world.advance(1_000);
			rig.board.network.restore();
			expect(rig.board.world.until(() => rig.link.state === "online", 5_000, 10)).toBe(true);
		}
	});
});
