import { beforeEach, describe, expect, it } from "vitest";
import type { OwnerKey } from "../../scripts/trust/key-files.js";
import { sealToken } from "../../scripts/trust/sign.js";
import { ellipticKey, sealingKey, sharedKey } from "./owner.js";
import { SignedRig } from "./signed-rig.js";

const owner = sharedKey("owner");

let rig: SignedRig;
beforeEach(() => {
	rig = new SignedRig([owner, ellipticKey("laptop")]);
});

function send(command: object, key: OwnerKey = owner): string {
	return rig.send(command, key);
}

function results(): Record<string, unknown>[] {
	return rig.results();
}

function refused(reason: string) {
	return { outcome: "refused", reason: expect.stringContaining(reason) };
}

describe("keys", () => {
	const next = ellipticKey("next");

	it("are changed by a signed command, and the old one works no more", () => {
		send({ id: "k1", keys: { add: next.line } });
		send({ id: "k2", keys: { remove: "owner" } }, next);
		send({ id: "k3", set: { pump: "ON" } });
		send({ id: "k4", set: { target: 25 } }, next);
		expect(results()).toEqual([
			{ id: "k1", outcome: "applied" },
			{ id: "k2", outcome: "applied" },
			refused("does not know the key"),
			{ id: "k4", outcome: "applied" },
		]);
		rig.board.reset("power");
		rig.advance(10_000);
		send({ id: "k5", set: { pump: "ON" } });
		send({ id: "k6", set: { pump: "ON" } }, next);
		expect(results().slice(-2)).toEqual([refused("does not know the key"), { id: "k6", outcome: "applied" }]);
	});

	it.each([
		[{ keys: { remove: "owner" } }, "does not change itself"],
		[{ keys: { remove: "nobody" } }, "no such key"],
		[{ keys: { add: "x:HS256:AAAA" } }, "32 to 64 bytes"],
		[{ keys: {} }, "add or remove"],
		[{ keys: { add: 7 } }, "texts"],
		[{ keys: { add: next.line, also: "this" } }, "add or remove"],
		[{ keys: "none" }, "an object"],
	])("are not changed by %j", (command, why) => {
		send(command);
		expect(results()).toEqual([refused(why)]);
		expect(rig.board.store.keys()).not.toContain("keys");
	});

	it("are not changed when something else in the command is refused, or by an unsigned one", () => {
		send({ keys: { add: next.line }, set: { pump: "SIDEWAYS" } });
		rig.command({ keys: { add: next.line } });
		expect(rig.board.store.keys()).not.toContain("keys");
		expect(results().map(({ outcome }) => outcome)).toEqual(["refused", "refused"]);
	});
});

describe("a secret", () => {
	const reader = sealingKey("reader");
	const next = sharedKey("next");

	it("goes to a device only when it is sealed", () => {
		rig = new SignedRig([owner, reader]);
		send({ keys: { add: next.line } });
		expect(results()).toEqual([refused("a secret in the clear")]);
		const sealed = sealToken(rig.token({ id: "s", keys: { add: next.line } }, owner), reader);
		rig.publish("command", sealed);
		expect(results().at(-1)).toEqual({ id: "s", outcome: "applied" });
		rig.publish("command", sealed);
		send({ id: "t", keys: { remove: "owner" } }, next);
		expect(results().slice(1)).toEqual([
			{ id: "s", outcome: "applied" },
			{ id: "s", outcome: "applied" },
			{ id: "t", outcome: "applied" },
		]);
	});

	it("is not in what is sealed for a device without its key, or in the answer", () => {
		rig = new SignedRig([owner, reader]);
		rig.publish("command", sealToken(rig.token({ keys: { add: next.line } }, owner), sealingKey("reader")));
		expect(results()).toEqual([refused("was not sealed with the key reader")]);
		for (const { text } of rig.seen) expect(text).not.toContain(next.secret.toString("base64url"));
	});

	it("alone, without a signature, commands nothing", () => {
		rig = new SignedRig([owner, reader]);
		rig.publish("command", sealToken(JSON.stringify({ set: { pump: "ON" } }), reader));
		expect([rig.pumpOn, results()]).toEqual([false, [refused("three parts")]]);
	});
});
