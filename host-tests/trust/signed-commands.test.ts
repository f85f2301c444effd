import { SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import type { OwnerKey } from "../../scripts/trust/key-files.js";
import { type CommandToSign, signCommand } from "../../scripts/trust/sign.js";
import { ellipticKey, sharedKey } from "./owner.js";
import { SignedRig } from "./signed-rig.js";

const owner = sharedKey("owner");
const laptop = ellipticKey("laptop");

let rig: SignedRig;
beforeEach(() => {
	rig = new SignedRig([owner, laptop]);
});

function token(command: object, key: OwnerKey = owner, more: Partial<CommandToSign> = {}): string {
	return rig.token(command, key, more);
}

function send(command: object, key: OwnerKey = owner, more: Partial<CommandToSign> = {}): string {
	return rig.send(command, key, more);
}

function nowMs(): number {
	return rig.board.clock.wallMs() as number;
}

function results(): Record<string, unknown>[] {
	return rig.results();
}

function refused(reason: string, more: object = {}) {
	return { ...more, outcome: "refused", reason: expect.stringContaining(reason) };
}

const ON = { id: "a1", set: { pump: "ON" } };

describe("a device that wants signed commands", () => {
	it.each([owner, laptop])("carries out what is signed with $algorithm", (key) => {
		send({ id: "a1", set: { pump: "ON", target: 21.5, lamp: { state: "ON", brightness: 40 } } }, key);
		expect([rig.pumpOn, rig.last("target/state")]).toEqual([true, "21.5"]);
		expect(results()).toEqual([{ id: "a1", outcome: "applied" }]);
	});

	it("carries out what jose signs", async () => {
		const made = await new SignJWT({ command: ON })
			.setProtectedHeader({ alg: "ES256", kid: "laptop" })
			.setAudience("greenhouse")
			.setIssuedAt(Math.floor(nowMs() / 1_000))
			.setExpirationTime(Math.floor(nowMs() / 1_000) + 60)
			.setJti("7f0c")
			.sign(laptop.secret);
		rig.publish("command", made);
		expect(rig.pumpOn).toBe(true);
	});

	it("carries out nothing that is not signed, and says why", () => {
		rig.command(ON).command({ do: "restart" }).publish("pump/set", "ON");
		expect(rig.pumpOn).toBe(false);
		expect(results()).toEqual([
			refused("it is not signed", { id: "a1" }),
			refused("it is not signed"),
			refused("it is not signed", { entity: "pump" }),
		]);
		expect(rig.texts("status")).toEqual(["online"]);
	});

	it("tells in `about` that it does", () => {
		expect(rig.json("about").at(-1)).toMatchObject({ signed: true });
	});

	it("takes on a topic of an entity what is signed for it, and nothing else", () => {
		rig.publish("pump/set", token({ set: { pump: "ON" } }));
		expect(rig.pumpOn).toBe(true);
		rig.publish("lamp/set", token({ set: { pump: "OFF" } }));
		rig.publish("pump/set", token({ set: { pump: "OFF" }, do: "restart" }));
		rig.publish("pump/set", token({ set: { pump: "OFF", lamp: "ON" } }));
		rig.publish("pump/set", token({ set: { pump: "OFF" }, keys: { remove: "laptop" } }));
		expect(rig.pumpOn).toBe(true);
		expect(results()).toEqual(
			["lamp", "pump", "pump", "pump"].map((entity) => refused("whose topic it came to", { entity })),
		);
	});

	it("refuses what is not for it, not for now, or not by its owner, and goes on", () => {
		send(ON, owner, { device: "garage" });
		send(ON, owner, { nowMs: nowMs() - 120_000 });
		send(ON, owner, { nowMs: nowMs() + 120_000 });
		send(ON, sharedKey("owner"));
		send(ON, ellipticKey("stranger"));
		expect(results()).toEqual([
			refused("not for this device"),
			refused("has expired"),
			refused("in the future"),
			refused("not made with the key owner"),
			refused("does not know the key"),
		]);
		expect(rig.pumpOn).toBe(false);
		send(ON);
		expect(rig.pumpOn).toBe(true);
		expect(rig.board.store.keys()).toContain("replay");
	});

	it("writes nothing to flash for what is not signed", () => {
		const before = rig.board.store.writes;
		for (let n = 0; n < 50; n++) send(ON, sharedKey("owner"));
		rig.command(ON);
		expect(rig.board.store.writes).toBe(before);
	});

	it("refuses a signed command that is retained, and one that is no command", () => {
		rig.board.network.cut();
		rig
			.advance(60_000)
			.publish("command", token(ON, owner, { validS: 3_600 }), true)
			.board.network.restore();
		rig.advance(90_000);
		send({ id: "a2", set: { pump: "SIDEWAYS" } });
		send({ id: "a3" });
		expect(rig.pumpOn).toBe(false);
		expect(results()).toEqual([
			refused("publish without the retain flag", { id: "a1" }),
			refused("pump: the value must be", { id: "a2" }),
			refused("it asks for nothing"),
		]);
	});

	it("refuses everything while it does not know the time", () => {
		rig = new SignedRig([], signedCommands(), { settings: { keys: [owner.line], timeServer: "nowhere.test" } });
		rig.advance(60_000);
		expect(rig.board.clock.wallMs()).toBeUndefined();
		const made = signCommand(owner, { device: "greenhouse", command: ON, nowMs: 1_790_000_000_000, validS: 60 });
		rig.publish("command", made);
		expect(results()).toEqual([refused("the clock is not set yet")]);
	});

	it("says so when it has no keys", () => {
		rig = new SignedRig([]);
		expect(rig.board.lines.join("\n")).toContain("has no keys");
		send(ON);
		expect(results()).toEqual([refused("does not know the key")]);
	});
});

describe("a signed command that comes again", () => {
	it("is answered again when it has an id, and not carried out again", () => {
		const made = send({ id: "a1", set: { pump: "TOGGLE" } });
		rig.publish("command", made);
		expect(rig.pumpOn).toBe(true);
		expect(results()).toEqual([
			{ id: "a1", outcome: "applied" },
			{ id: "a1", outcome: "applied" },
		]);
	});

	it("is refused after a restart", () => {
		const made = send({ id: "a1", set: { pump: "ON" } });
		rig.board.reset("power");
		rig.advance(10_000).publish("command", made);
		expect(rig.pumpOn).toBe(false);
		expect(results().at(-1)).toEqual(refused("it was here before", { id: "a1" }));
	});

	it("is refused also when it was refused the first time", () => {
		const made = send({ set: { target: 400 } });
		rig.publish("command", made);
		expect(results().map(({ reason }) => reason)).toEqual([expect.stringContaining("target"), "it was here before"]);
	});

	it("is refused under another signature, if it has the same name", () => {
		send({ set: { pump: "TOGGLE" } }, owner, { name: "one" });
		send({ set: { pump: "TOGGLE" } }, owner, { name: "one", validS: 50 });
		expect(rig.pumpOn).toBe(true);
		expect(results()).toEqual([refused("it was here before")]);
	});

	it("is refused after a hundred others", () => {
		const made = send({ set: { pump: "ON" } });
		for (let n = 0; n < 100; n++) rig.publish("command", token({ set: { target: 20 } }));
		rig.publish("pump/set", token({ set: { pump: "OFF" } }));
		const validAgain = rig.board.clock.wallMs() as number;
		rig.board.clock.setWallMs(validAgain - 80_000); // as if a time server had been forged
		rig.publish("command", made);
		expect(rig.pumpOn).toBe(false);
		expect(results().at(-1)).toEqual(refused("make it anew"));
	});

	it("is not answered with what an unsigned one of the same id was answered", () => {
		rig = new SignedRig([owner], signedCommands({ only: ["pump"] }));
		rig.command({ id: "a1", set: { target: 21 } });
		send({ id: "a1", set: { pump: "ON" } });
		expect(rig.pumpOn).toBe(true);
	});

	it.each([0, 1, 2, 3, 4].flatMap((write) => [[write, "before"] as const, [write, "after"] as const]))(
		"is carried out at most once when the power goes at write %i, %s it",
		(write, when) => {
			let moves = 0;
			const count = () => {
				moves = rig.json("event").filter(({ entity, event }) => entity === "pump" && event === "changed").length;
			};
			rig.board.store.cutPowerAt(write, when, () => rig.board.world.after(0, () => rig.board.reset("power")));
			const made = send({ set: { pump: "TOGGLE" } });
			rig.advance(5_000);
			for (let n = 0; n < 3; n++) rig.publish("command", made);
			count();
			const toggledTwice = rig.texts("pump/state").filter((state) => state === "ON").length > 1;
			expect(toggledTwice).toBe(false);
			expect(moves).toBeLessThanOrEqual(1);
			rig.board.store.reset();
			send({ id: "later", set: { target: 22 } });
			expect(results().at(-1)).toEqual({ id: "later", outcome: "applied" });
		},
	);

	it("is not carried out when it cannot be noted", () => {
		const { store } = rig.board;
		store.set = () => {
			throw new Error("flash is worn out");
		};
		send(ON);
		expect(rig.pumpOn).toBe(false);
		expect(results()).toEqual([refused("flash is worn out", { id: "a1" })]);
	});
});

describe("a device of which some entities want signed commands", () => {
	beforeEach(() => {
		rig = new SignedRig([owner], signedCommands({ only: ["pump"] }));
	});

	it("takes unsigned what does not concern them", () => {
		rig.publish("target/set", "22").command({ set: { target: 23 } });
		expect([rig.last("target/state"), results()]).toEqual(["23", []]);
		expect(rig.json("about").at(-1)).toMatchObject({ signed: ["pump"] });
	});

	it("takes nothing unsigned that concerns them, or the whole device", () => {
		rig
			.publish("pump/set", "ON")
			.command({ set: { target: 23, pump: "ON" } })
			.command({ do: "restart" });
		expect([rig.pumpOn, rig.last("target/state")]).toEqual([false, "20"]);
		expect(results().map(({ outcome }) => outcome)).toEqual(["refused", "refused", "refused"]);
	});

	it("takes signed what concerns any", () => {
		send({ set: { pump: "ON", target: 23 } });
		expect([rig.pumpOn, rig.last("target/state")]).toEqual([true, "23"]);
	});
});
