import { describe, expect, it } from "vitest";
import { runChecks } from "../contracts/run-checks.js";
import { storeContract } from "../contracts/store-contract.js";
import { PowerCut, VirtualStore } from "./store.js";
import { plainText } from "./text.js";

runChecks(
	"store contract: virtual",
	storeContract(() => {
		const store = new VirtualStore(plainText);
		const reopen = (): VirtualStore => {
			store.reset();
			return store;
		};
		return { store, reopen };
	}),
);

describe("VirtualStore", () => {
	it("counts what wears the flash", () => {
		const store = new VirtualStore(plainText);
		store.set("a", "1");
		store.set("a", "1");
		store.get("a");
		store.delete("a");
		store.delete("a");
		expect(store.writes).toBe(3);
		expect(store.keys()).toEqual([]);
	});

	it("cuts the power before or after any write, never within", () => {
		for (const [when, left] of [
			["before", "old"],
			["after", "new"],
		] as const) {
			const store = new VirtualStore(plainText);
			let cuts = 0;
			store.set("key", "old");
			store.cutPowerAt(1, when, () => cuts++);
			store.set("other", "1");
			expect(() => store.set("key", "new")).toThrow(PowerCut);
			expect(() => store.get("key")).toThrow(PowerCut);
			store.reset();
			expect(store.get("key")).toBe(left);
			expect(store.get("other")).toBe("1");
			expect(cuts).toBe(1);
			store.set("key", "later");
			expect(store.get("key")).toBe("later");
		}
	});
});
