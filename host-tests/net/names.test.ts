import { describe, expect, it } from "vitest";
import { Names } from "../../firmware/net/names.js";

describe("what is remembered of names", () => {
	it("is the last address of each", () => {
		const names = new Names();
		expect(names.recall("a.test")).toBeUndefined();
		expect(names.learn("a.test", "10.0.0.1")).toBe("10.0.0.1");
		expect(names.learn("a.test", "10.0.0.2")).toBe("10.0.0.2");
		expect(names.learn("a.test", undefined)).toBeUndefined();
		expect(names.recall("a.test")).toBe("10.0.0.2");
	});

	it.each(["0.0.0.0", "255.255.255.255", "", "::1", "10.0.0", "10.0.0.256", "a.test"])("is not %j", (address) => {
		const names = new Names();
		expect(names.learn("a.test", address)).toBeUndefined();
		expect(names.recall("a.test")).toBeUndefined();
	});

	it("is bounded", () => {
		const names = new Names();
		for (let i = 0; i < 100; i++) names.learn(`${i}.test`, "10.0.0.1");
		expect(Array.from({ length: 100 }, (_, i) => names.recall(`${i}.test`)).filter(Boolean)).toHaveLength(16);
	});
});
