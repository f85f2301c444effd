import { beforeEach, describe, expect, it } from "vitest";
import { AGAIN_MS, BURST } from "../../firmware/security/signature-budget.js";
import { DeviceGate } from "../../firmware/trust/signature-gate.js";
import { signedCommands } from "../../firmware/trust/signed-commands.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { ellipticKey, sharedKey } from "./owner.js";
import { SignedRig } from "./signed-rig.js";

const owner = ellipticKey("owner");
const shared = sharedKey("shared");
const forger = ellipticKey("owner");

/** A device that counts the signatures that it checks. */
class FloodedRig extends SignedRig {
	constructor() {
		super([owner, shared], signedCommands(), {
			crypto: { ...nodeCrypto, verifyEcdsa: (...all) => this.verify(...all) },
		});
	}

	checked = 0;

	private verify(...all: Parameters<typeof nodeCrypto.verifyEcdsa>): boolean {
		this.checked = (this.checked ?? 0) + 1;
		return nodeCrypto.verifyEcdsa(...all);
	}

	/** So many messages with forged signatures, all at once. */
	flood(count: number): this {
		for (let n = 0; n < count; n++) this.now(this.token({ set: { pump: "ON" } }, forger));
		return this;
	}

	now(payload: string): void {
		this.broker.publish("farpin/greenhouse/command", payload, { qos: 1 });
	}

	get reasons(): unknown[] {
		return this.results().map(({ reason }) => reason);
	}
}

let rig: FloodedRig;
beforeEach(() => {
	rig = new FloodedRig();
});

const TOO_MANY = expect.stringContaining("too many signatures were good for nothing");

describe("forged signatures without end", () => {
	it("are checked in a burst, and then one in ten seconds, however many come", () => {
		for (let second = 0; second < 60; second++) rig.flood(20).advance(1_000);
		expect(rig.checked).toBeLessThanOrEqual(BURST + 60_000 / AGAIN_MS);
		expect(rig.checked).toBeGreaterThanOrEqual(BURST + 60_000 / AGAIN_MS - 1);
		expect(rig.pumpOn).toBe(false);
		expect(rig.reasons).toContainEqual(TOO_MANY);
		expect(rig.running?.link.state).toBe("online");
		expect(rig.health().refused).toBeGreaterThan(1_000);
	});

	it("leave buttons and rules as they are, and a shared key its say", () => {
		rig.flood(100).press("key");
		expect(rig.pumpOn).toBe(true);
		rig.flood(100).send({ id: "h", set: { pump: "OFF" } }, shared);
		rig.advance(5_000);
		expect(rig.pumpOn).toBe(false);
		expect(rig.results()).toContainEqual({ id: "h", outcome: "applied" });
	});

	it("keep their owner out for ten seconds after the last of them", () => {
		rig.flood(100).advance(500);
		rig.send({ id: "a", set: { pump: "ON" } }, owner);
		expect([rig.pumpOn, rig.results().at(-1)]).toEqual([false, { outcome: "refused", reason: TOO_MANY }]);
		rig.advance(AGAIN_MS).send({ id: "b", set: { pump: "ON" } }, owner);
		expect([rig.pumpOn, rig.results().at(-1)]).toEqual([true, { id: "b", outcome: "applied" }]);
	});

	it("for another device, or of another time, are not checked", () => {
		for (let n = 0; n < 50; n++) {
			rig.now(rig.token({ set: { pump: "ON" } }, forger, { device: "garage" }));
			rig.now(rig.token({ set: { pump: "ON" } }, forger, { nowMs: (rig.board.clock.wallMs() as number) - 120_000 }));
		}
		expect(rig.advance(1_000).checked).toBe(0);
	});
});

describe("good signatures", () => {
	it("are checked however many come at once", () => {
		for (let burst = 0; burst < 5; burst++) {
			const nowMs = rig.board.clock.wallMs() as number;
			for (let n = 0; n < 20; n++) {
				const command = { id: `${burst}-${n}`, set: { target: 10 + n } };
				rig.now(rig.token(command, owner, { nowMs: nowMs + n * 1_000 }));
			}
			rig.advance(25_000);
		}
		expect(rig.checked).toBe(100);
		const applied = rig.results().filter(({ outcome }) => outcome === "applied");
		expect(new Set(applied.map(({ id }) => id)).size).toBe(100);
	});

	it("spend nothing when more are made in a second than are remembered, and the last of them are refused", () => {
		for (let burst = 0; burst < 5; burst++) {
			for (let n = 0; n < 30; n++) rig.now(rig.token({ set: { pump: "TOGGLE" } }, owner));
			rig.advance(2_000);
		}
		expect(rig.checked).toBe(5 * 25);
		expect(rig.reasons.length).toBeGreaterThan(10);
		expect(new Set(rig.reasons)).toEqual(new Set([expect.stringContaining("make it anew")]));
	});

	it("that come again are answered as before, and not checked again", () => {
		const made = rig.send({ id: "a", set: { pump: "TOGGLE" } }, owner);
		for (let n = 0; n < 50; n++) rig.now(made);
		rig.advance(2_000);
		expect([rig.checked, rig.pumpOn]).toEqual([1, true]);
		expect(new Set(rig.results().map((result) => JSON.stringify(result))).size).toBe(1);
	});

	it("that were here before a restart spend as forged ones do", () => {
		const made = Array.from({ length: 12 }, (_, n) => rig.send({ id: `${n}`, set: { target: 20 } }, owner));
		rig.board.reset("power");
		rig.advance(10_000).checked = 0;
		for (const token of made) rig.now(token);
		rig.advance(1_000);
		expect(rig.checked).toBe(BURST);
		expect(rig.reasons.slice(-4)).toEqual([TOO_MANY, TOO_MANY, TOO_MANY, TOO_MANY]);
	});

	it("of a key that another took the place of are good no more, also where they were found so", () => {
		const stolen = rig.token({ id: "s", set: { pump: "ON" } }, owner, { validS: 3_600 });
		rig.publish("lamp/set", stolen); // found good, and not carried out: it is for the pump
		expect(rig.reasons.at(-1)).toContain("whose topic it came to");
		const next = ellipticKey("owner");
		rig.send({ keys: { add: next.line } }, shared);
		rig.publish("command", stolen);
		expect([rig.pumpOn, rig.reasons.at(-1)]).toEqual([false, expect.stringContaining("not made with the key owner")]);
	});
});

describe("the gate", () => {
	it("knows the last twenty that were good", () => {
		const gate = new DeviceGate({ monotonicMs: () => 0 });
		const digest = (n: number) => new Uint8Array(32).fill(n);
		for (let n = 0; n < 21; n++) gate.remember(digest(n));
		expect([1, 2, 20].map((n) => gate.isKnown(digest(n)))).toEqual([true, true, true]);
		expect(gate.isKnown(digest(0))).toBe(false);
		expect(gate.isKnown(new Uint8Array(32).fill(1, 0, 15))).toBe(false);
	});
});
