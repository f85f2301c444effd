import { beforeEach, describe, expect, it } from "vitest";
import { KeyRing, readKey } from "../../firmware/trust/keys.js";
import { nodeCrypto } from "../../scripts/board/crypto.js";
import { pcText } from "../../scripts/board/text.js";
import { PowerCut, VirtualStore } from "../virtual/store.js";
import { ellipticKey, sharedKey } from "./owner.js";

const owner = sharedKey("owner");
const laptop = ellipticKey("laptop");

describe("a key", () => {
	it("has a name, an algorithm and bytes", () => {
		expect(readKey(owner.line, pcText)).toEqual({
			id: "owner",
			algorithm: "HS256",
			bytes: new Uint8Array(owner.secret),
		});
		expect(readKey(laptop.line, pcText)).toMatchObject({ id: "laptop", algorithm: "ES256" });
	});

	const offCurve = Buffer.from(laptop.line.split(":")[2] as string, "base64url");
	offCurve[64] = (offCurve[64] as number) ^ 1;
	it.each([
		["", "a key is written as"],
		["Owner:HS256:AAAA", "a key is written as"],
		["owner:HS256:AAAA:more", "a key is written as"],
		["owner:HS256:A+==", "not in Base64url"],
		[`owner:HS256:${Buffer.alloc(31).toString("base64url")}`, "32 to 64 bytes"],
		[`owner:HS256:${Buffer.alloc(65).toString("base64url")}`, "32 to 64 bytes"],
		[`owner:none:${Buffer.alloc(32).toString("base64url")}`, "is not for HS256"],
		[`owner:ES256:${Buffer.alloc(65, 4).toString("base64url")}`, "not a point"],
		[`owner:ES256:${offCurve.toString("base64url")}`, "not a point"],
		[`laptop:ES256:${Buffer.alloc(33, 2).toString("base64url")}`, "not a point"],
	])("written as %j is none", (line, why) => {
		expect(() => readKey(line, pcText)).toThrow(why);
	});

	it("that is none is never repeated in the reason", () => {
		const secret = "SECRETSECRETSECRETSECRET";
		try {
			readKey(`owner:HS256:${secret}`, pcText);
		} catch (error) {
			expect(String(error)).not.toContain(secret);
		}
		expect.assertions(1);
	});
});

describe("the keys of a device", () => {
	let store: VirtualStore;
	const board = () => ({ store, crypto: nodeCrypto, text: pcText });
	const ring = (...lines: string[]) => new KeyRing(board(), lines.length > 0 ? lines : [owner.line, laptop.line]);
	beforeEach(() => {
		store = new VirtualStore(pcText);
	});

	it("are those it was built with", () => {
		expect(ring().find("laptop").algorithm).toBe("ES256");
		expect(() => ring().find("lap")).toThrow("does not know the key");
		expect(() => ring().find("")).toThrow("does not know the key");
		expect(store.writes).toBe(0);
	});

	it("change by one write, and stay so after a restart", () => {
		const next = sharedKey("next");
		ring().store(ring().changed(next.line, "laptop", "owner"));
		expect(store.writes).toBe(1);
		expect(ring().lines).toEqual([owner.line, next.line]);
		ring().store(ring().changed(undefined, "owner", "next"));
		expect(ring().lines).toEqual([next.line]);
	});

	it("can take a new key of an old name", () => {
		const again = ellipticKey("laptop");
		ring().store(ring().changed(again.line, undefined, "owner"));
		expect(ring().lines).toEqual([owner.line, again.line]);
	});

	it("are those of a new build, when that has others", () => {
		ring().store(ring().changed(undefined, "laptop", "owner"));
		expect(ring(owner.line).lines).toEqual([owner.line]);
		expect(ring().lines).toEqual([owner.line]);
		expect(ring(laptop.line, owner.line).lines).toEqual([laptop.line, owner.line]);
	});

	it.each([
		[undefined, "owner", "does not change itself"],
		[sharedKey("owner").line, undefined, "does not change itself"],
		[undefined, "stranger", "no such key"],
		["rubbish", undefined, "is not for HS256"],
		[`bad:ES256:${Buffer.alloc(65, 4).toString("base64url")}`, undefined, "not a point"],
	])("are not changed to %j without %j by their owner", (add, remove, why) => {
		expect(() => ring().changed(add, remove, "owner")).toThrow(why);
	});

	it("are no more than fit into one value", () => {
		let count = 0;
		expect(() => {
			for (; count < 50; count++) ring().store(ring().changed(ellipticKey(`k${count}`).line, undefined, "owner"));
		}).toThrow("no room for one more key");
		expect(count).toBeGreaterThan(4);
		expect(ring().find("owner").id).toBe("owner");
	});

	it.each(["before", "after"] as const)("are the old or the new when the power goes %s the write", (when) => {
		const changed = ring().changed(undefined, "laptop", "owner");
		store.cutPowerAt(0, when);
		expect(() => ring().store(changed)).toThrow(PowerCut);
		store.reset();
		expect(ring().lines).toEqual(when === "before" ? [owner.line, laptop.line] : [owner.line]);
	});
});
