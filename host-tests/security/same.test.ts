import { describe, expect, it } from "vitest";
import { sameSecret } from "../../firmware/security/same.js";

describe("two secrets", () => {
	it.each([
		[[], [], true],
		[[1, 2, 3], [1, 2, 3], true],
		[[1, 2, 3], [1, 2, 4], false],
		[[0, 2, 3], [1, 2, 3], false],
		[[1, 2, 3], [1, 2], false],
		[[255], [0], false],
	])("%j and %j are the same: %j", (one, other, expected) => {
		expect(sameSecret(Uint8Array.from(one), Uint8Array.from(other))).toBe(expected);
	});

	it("are compared to their last byte, wherever they begin to differ", () => {
		const looked: string[] = [];
		const spied = (bytes: number[]) =>
			new Proxy(Uint8Array.from(bytes), {
				get(target, name) {
					if (name !== "length") looked.push(String(name));
					return Reflect.get(target, name, target);
				},
			});
		sameSecret(spied([1, 2, 3, 4]), Uint8Array.from([9, 2, 3, 4]));
		expect(looked).toEqual(["0", "1", "2", "3"]);
	});
});
