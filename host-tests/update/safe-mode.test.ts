import { beforeEach, describe, expect, it } from "vitest";
import { CRASHES_MAX } from "../../firmware/update/safe-mode.js";
import { imageOf, UpdateRig } from "./rig.js";

let rig: UpdateRig;
beforeEach(() => {
	rig = new UpdateRig();
});

/** Starts a firmware that crashes, until it does no more. */
function crashes(ms: number): void {
	rig.defects.set("1.0.0", { crashesMs: ms });
	rig.start();
	rig.board.world.until(() => rig.starts.length > CRASHES_MAX, 1_800_000, 100);
	rig.defects.clear();
}

describe("a firmware that crashes again and again", () => {
	it("ends in safe mode: MQTT and updates go on, outputs are safe, and nothing else runs", () => {
		crashes(3_000);
		const relay = rig.board.hardware.pins.at(26);
		rig.advance(3_100); // the crash of the last start was set before
		expect(rig.reaches("safe mode", 60_000).reason).toMatch(/crashed again and again/);
		expect(rig.running?.link.state).toBe("online");
		rig.set("pump", "ON");
		expect(relay.value).toBe(0);
		expect(rig.broker.textOf("farpin/shed/status")).toBe("online");
		rig.image = imageOf("1.1.0");
		rig.order({ manifest: rig.manifest() });
		rig.reaches("confirmed");
		expect(rig.version).toBe("1.1.0");
		rig.set("pump", "ON");
		expect(rig.board.hardware.pins.at(26).value).toBe(1);
	});

	it("and gets out of it by a firmware whose sensors nobody could have asked before", () => {
		crashes(3_000);
		rig.advance(3_100);
		rig.reaches("safe mode", 60_000);
		rig.defects.set("1.1.0", { blind: true });
		rig.order({ manifest: rig.manifest() });
		rig.reaches("confirmed");
	});

	it.each([
		["the power is switched off and on", () => rig.powerCycle()],
		["a restart is asked for", () => rig.command({ do: "restart" }).advance(5_000)],
		["an hour has passed", () => rig.advance(3_610_000)],
	])("tries all of it again when %s", (_, what) => {
		crashes(3_000);
		rig.advance(3_100);
		rig.reaches("safe mode", 60_000);
		what();
		rig.advance(10_000);
		rig.set("pump", "ON");
		expect(rig.board.hardware.pins.at(26).value).toBe(1);
		expect(rig.board.store.get("crashes")).toBeUndefined();
	});

	it("is not taken for one when it ran for minutes in between, or only lost its power", () => {
		rig.defects.set("1.0.0", { crashesMs: 310_000 });
		rig.start().advance(7 * 310_000);
		expect([rig.starts.length, rig.states()]).toEqual([8, []]);
		rig.defects.clear();
		for (let times = 0; times < 2 * CRASHES_MAX; times++) rig.powerCycle().advance(500);
		rig.advance(10_000);
		expect(rig.states()).toEqual([]);
	});

	it("writes nothing to flash as long as nothing crashes", () => {
		rig.start().advance(600_000);
		const { writes } = rig.board.store;
		rig.advance(600_000);
		expect([rig.board.store.writes, rig.board.store.get("crashes")]).toEqual([writes, undefined]);
	});
});
