import { beforeEach, describe, expect, it } from "vitest";
import { type Defects, imageOf, UpdateRig } from "./rig.js";

let rig: UpdateRig;
beforeEach(() => {
	rig = new UpdateRig();
	rig.start().advance(15_000);
});

function update(defects: Defects): void {
	rig.defects.set("1.1.0", defects);
	rig.order({ manifest: rig.manifest() });
}

describe("new firmware that is no good makes way for what ran before, which says why", () => {
	it.each<[string, Defects, string]>([
		["it crashes at once", { crashesMs: 0 }, "it ended too early"],
		["it crashes just before it would have been kept", { crashesMs: 29_000 }, "it ended too early"],
		["a sensor does not answer", { blind: true }, "air does not answer"],
		["it does not reach the broker", { mute: true }, "the broker is out of reach"],
		["it leaves too little memory", { free: 11_999 }, "only 11999 bytes of memory are free"],
	])("%s", (_, defects, reason) => {
		update(defects);
		expect(rig.reaches("rolled back")).toMatchObject({ version: "1.1.0", reason });
		expect(rig.starts).toEqual(["1.0.0", "1.1.0", "1.0.0"]);
		rig.advance(3_600_000).powerCycle().advance(60_000);
		expect([rig.version, rig.starts.length]).toEqual(["1.0.0", 4]);
		expect(rig.board.store.keys().filter((key) => key.startsWith("upd"))).toEqual(["upd-floor"]);
		// Nobody can have it tried over and over again; its maker may sign it anew.
		rig.order({ manifest: rig.manifest() });
		expect(rig.reaches("refused", 5_000).reason).toMatch(/no later than the release that was tried here last/);
	});

	it("and a better one may follow", () => {
		update({ blind: true });
		rig.reaches("rolled back");
		rig.advance(5_000);
		rig.image = imageOf("1.1.1");
		rig.order({ manifest: rig.manifest({ version: "1.1.1", issued: 1_800_000_101 }) });
		rig.reaches("confirmed");
		expect(rig.starts).toEqual(["1.0.0", "1.1.0", "1.0.0", "1.1.1"]);
	});
});

describe("new firmware is kept", () => {
	it("although a sensor does not answer that did not before either", () => {
		rig.defects.set("1.0.0", { blind: true });
		rig.powerCycle().advance(15_000);
		update({ blind: true });
		rig.reaches("confirmed");
	});

	it("when it goes to sleep with all in order, before its time is over", () => {
		update({});
		rig.reaches("trial");
		rig.advance(8_000);
		rig.running?.stop();
		expect(rig.slots.onTrial).toBe(false);
		rig.board.world.after(0, () => rig.board.reset("sleep"));
		expect(rig.reaches("confirmed").version).toBe("1.1.0");
		expect(rig.starts).toEqual(["1.0.0", "1.1.0", "1.1.0"]);
	});

	it("but not when it goes to sleep without having reached anybody", () => {
		update({ mute: true });
		rig.reaches("restarting");
		rig.advance(10_000);
		rig.running?.stop();
		expect(rig.slots.onTrial).toBe(true);
		rig.board.world.after(0, () => rig.board.reset("sleep"));
		expect(rig.reaches("rolled back").version).toBe("1.1.0");
	});

	it("only when all has held for the whole time: what fails in between begins it anew", () => {
		update({});
		rig.reaches("trial");
		rig.advance(20_000);
		rig.setBroker(false);
		rig.advance(5_000);
		rig.setBroker(true);
		expect(rig.board.world.until(() => rig.running?.link.state === "online", 120_000, 100)).toBe(true);
		rig.advance(25_000);
		expect(rig.slots.onTrial).toBe(true);
		rig.reaches("confirmed");
	});

	it("and takes no order before that", () => {
		update({});
		rig.reaches("trial");
		rig.advance(2_000).order({ do: "cancel" });
		expect(rig.reaches("refused", 5_000).reason).toMatch(/prove itself/);
		rig.reaches("confirmed");
	});
});
