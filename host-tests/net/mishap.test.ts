import { describe, expect, it } from "vitest";
import { closeQuietly, reasonOf } from "../../firmware/net/mishap.js";

describe("mishaps", () => {
	it("have a reason, whatever was thrown", () => {
		expect([reasonOf(new Error("no route")), reasonOf("text"), reasonOf(undefined)]).toEqual([
			"no route",
			"text",
			"undefined",
		]);
	});

	it("closes what does not want to be closed", () => {
		let closed = 0;
		closeQuietly({ close: () => closed++ });
		closeQuietly({
			close() {
				throw new Error("no");
			},
		});
		expect(closed).toBe(1);
	});
});
