import { beforeEach, describe, expect, it } from "vitest";
import type { Settings } from "../../firmware/runtime/settings.js";
import { replaceableSettings } from "../../firmware/trust/credentials.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { sealToken } from "../../scripts/trust/sign.js";
import { VirtualBroker } from "../virtual/broker.js";
import { ellipticKey, sealingKey } from "./owner.js";
import { SignedRig } from "./signed-rig.js";

const owner = ellipticKey("owner");
const reader = sealingKey("reader");
const USER = { name: "greenhouse", password: "the-new-broker-password" };
const NEW = { broker: { host: "new.test", port: 1_883, user: USER.name, password: USER.password } };
const TRIAL_MS = 200_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The device at its old broker, and a new one that lets in whoever has the new password. */
class MovingRig extends SignedRig {
	readonly next: VirtualBroker;
	readonly nextSeen: string[] = [];
	/** What the board says, from the next start on. */
	readonly settings: Mutable<Partial<Settings>>;

	constructor() {
		const settings: Mutable<Partial<Settings>> = { keys: [owner, reader].map(({ line }) => line) };
		super([owner, reader], signedCommands({ settings: replaceableSettings }), { settings });
		this.settings = settings;
		const { board } = this;
		this.next = new VirtualBroker(board.world, board.text, { user: USER });
		board.internet.listen("10.0.0.9", 1_883, this.next.accept);
		board.internet.names.set("new.test", "10.0.0.9");
		this.next.observe("#", ({ topic, payload }) => void this.nextSeen.push(`${topic} ${Buffer.from(payload)}`));
	}

	replace(settings: object): this {
		this.publish("command", sealToken(this.token({ id: "move", settings }, owner), reader));
		return this;
	}

	get place(): "old" | "new" | "nowhere" {
		if (this.next.clients.has("farpin-greenhouse")) return "new";
		return this.broker.clients.has("farpin-greenhouse") ? "old" : "nowhere";
	}

	/** How trials ended, as far as the old broker was told. */
	events(): Record<string, unknown>[] {
		return this.json("event").filter(({ event, outcome }) => event === "settings" && outcome !== "trial");
	}
}

let rig: MovingRig;
beforeEach(() => {
	rig = new MovingRig();
});

describe("new settings from afar", () => {
	it("are tried after a restart, and in force when the broker has acknowledged", () => {
		rig.replace(NEW).advance(TRIAL_MS);
		expect(rig.results()).toContainEqual({ id: "move", outcome: "applied" });
		expect(rig.place).toBe("new");
		expect(rig.nextSeen.join("\n")).toContain('"event":"settings","outcome":"applied"');
		rig.board.reset("power");
		rig.advance(20_000);
		expect([rig.place, rig.board.store.get("net")]).toEqual(["new", "use a 0 -"]);
	});

	it.each([
		["a wrong password", { broker: { ...NEW.broker, password: "not-the-password" } }, "password"],
		["a host that is not there", { broker: { ...NEW.broker, host: "nowhere.test" } }, "nowhere.test"],
		["a port where nobody is", { broker: { ...NEW.broker, port: 1 } }, "refused"],
	])("with %s are given up, and the old ones are in force again, with the reason", (_name, settings, why) => {
		rig.replace(settings).advance(3 * TRIAL_MS);
		expect(rig.place).toBe("old");
		expect(rig.events()).toEqual([
			expect.objectContaining({ outcome: "failed", reason: expect.stringContaining(why) }),
		]);
		rig.board.reset("power");
		rig.advance(20_000);
		expect([rig.place, rig.events().length]).toEqual(["old", 1]);
	});

	it("of a broker that lets the device in and takes nothing are given up", () => {
		rig.next.holdAcks = true;
		rig.replace(NEW).advance(3 * TRIAL_MS);
		expect(rig.place).toBe("old");
		expect(rig.events()).toEqual([expect.objectContaining({ outcome: "failed" })]);
	});

	it("of a Wi-Fi are tried in the same way", () => {
		const { network } = rig.board;
		network.accessPoints = [
			{ name: "old", inReach: true },
			{ name: "new", inReach: true, password: "new-wifi-password" },
		];
		rig.replace({ wifi: { ssid: "new", password: "wrong-wifi-password" } }).advance(3 * TRIAL_MS);
		expect([rig.place, network.choices]).toEqual(["old", ["old", "new"]]);
		rig.replace({ wifi: { ssid: "new", password: "new-wifi-password" } }).advance(TRIAL_MS);
		expect([rig.place, network.choices, rig.board.store.get("net")]).toEqual(["old", ["new"], "use a 0 -"]);
	});

	it("add to those that came before", () => {
		rig.board.network.accessPoints = [{ name: "new", inReach: true }];
		rig.replace({ wifi: { ssid: "new" } }).advance(TRIAL_MS);
		rig.replace(NEW).advance(TRIAL_MS);
		expect([rig.place, rig.board.network.choices, rig.board.store.get("net")]).toEqual(["new", ["new"], "use b 0 -"]);
	});

	it.each([
		[{}, "must have wifi"],
		["new.test", "must be an object"],
		[{ broker: { host: "new.test" } }, "port"],
		[{ broker: { port: 1_883 } }, "broker.host is missing"],
		[{ broker: { ...NEW.broker, more: "x" } }, "nothing else"],
		[{ wifi: { ssid: "new", password: "short" } }, "8 to 63"],
		[{ roots: ["not DER"] }, "no certificate"],
		[{ id: "other" }, "nothing else"],
	])("as %j are refused, and nothing is written of them", (settings, why) => {
		const before = rig.board.store.keys();
		rig.replace(settings as object);
		expect(rig.results()).toEqual([
			expect.objectContaining({ outcome: "refused", reason: expect.stringContaining(why) }),
		]);
		expect(rig.board.store.keys().filter((key) => !before.includes(key) && key !== "replay")).toEqual([]);
	});

	it("are refused in the clear, unsigned, and by a device that does not want them", () => {
		rig.send({ settings: NEW }, owner);
		rig.command({ settings: NEW });
		const other = new SignedRig([owner, reader]);
		other.publish("command", sealToken(other.token({ settings: NEW }, owner), reader));
		const reasons = [...rig.results(), ...other.results()].map(({ reason }) => reason);
		expect(reasons).toEqual([
			expect.stringContaining("a secret in the clear"),
			expect.stringContaining("a member other than"),
			expect.stringContaining("cannot be replaced from afar"),
		]);
	});

	it("are refused while others are on trial", () => {
		rig.next.holdAcks = true;
		rig.replace(NEW).advance(20_000);
		expect(rig.place).toBe("new");
		const token = sealToken(rig.token({ id: "again", settings: NEW }, owner), reader);
		rig.next.publish("farpin/greenhouse/command", token, { qos: 1 });
		rig.advance(5_000);
		expect(rig.board.store.get("net")?.startsWith("try a")).toBe(true);
	});

	it("give way to others that are put onto the board over USB, and are there still", () => {
		rig.replace(NEW).advance(TRIAL_MS);
		expect(rig.place).toBe("new");
		const stored = rig.board.store.keys();
		rig.settings.origin = "usb 1";
		rig.board.reset("power");
		rig.advance(60_000);
		expect(rig.place).toBe("old");
		expect(rig.board.store.keys()).toEqual(expect.arrayContaining(stored));
		rig.replace(NEW).advance(TRIAL_MS);
		expect([rig.place, rig.board.store.get("net"), rig.board.store.get("net-b")?.endsWith(" usb 1")]).toEqual([
			"new",
			"use b 0 -",
			true,
		]);
		rig.settings.origin = "usb 2";
		rig.board.reset("power");
		rig.advance(60_000);
		expect(rig.place).toBe("old");
	});

	it("on trial are given up when others are put onto the board, and that is told", () => {
		rig.next.holdAcks = true;
		rig.replace(NEW).advance(20_000);
		expect(rig.board.store.get("net")).toBe("try a 1 -");
		rig.settings.origin = "usb 1";
		rig.board.reset("power");
		rig.advance(60_000);
		expect([rig.place, rig.board.store.get("net")]).toEqual(["old", "use - 0 -"]);
		expect(rig.events()).toEqual([
			expect.objectContaining({ outcome: "failed", reason: "other settings were put onto the board" }),
		]);
	});

	it.each(["before", "after"] as const)("are whole or not at all when the power goes %s any write", (when) => {
		const places = new Set<string>();
		for (let write = 0; write < 14; write++) {
			rig = new MovingRig();
			rig.board.store.cutPowerAt(write, when, () => rig.board.world.after(0, () => rig.board.reset("power")));
			rig.replace(NEW).advance(4 * TRIAL_MS);
			expect(rig.place, `write ${write}`).not.toBe("nowhere");
			expect(rig.board.store.get("net") ?? "use", `write ${write}`).toMatch(/^use/);
			places.add(rig.place);
			if (rig.place === "new") continue;
			rig.board.store.reset();
			rig.replace(NEW).advance(4 * TRIAL_MS);
			expect(rig.place, `again after write ${write}`).toBe("new");
		}
		expect(places.size).toBe(2);
	});

	it.each(["before", "after"] as const)(
		"that are wrong never cost the old ones, with the power gone %s any write",
		(when) => {
			for (let write = 0; write < 18; write++) {
				rig = new MovingRig();
				rig.board.store.cutPowerAt(write, when, () => rig.board.world.after(0, () => rig.board.reset("power")));
				rig.replace({ broker: { ...NEW.broker, password: "not-the-password" } }).advance(5 * TRIAL_MS);
				expect(rig.place, `write ${write}`).toBe("old");
			}
		},
	);
});
