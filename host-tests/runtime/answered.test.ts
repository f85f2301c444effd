import { expect, it } from "vitest";
import { Answered } from "../../firmware/runtime/answered.js";

it("the last eight answers are known by the ids of their commands, and no others", () => {
	const answered = new Answered();
	expect(answered.find("c0")).toBeUndefined();
	for (let n = 0; n < 20; n++) {
		answered.remember(`c${n}`, `answer ${n}`);
		for (let old = 0; old <= n; old++) expect(answered.find(`c${old}`)).toBe(old > n - 8 ? `answer ${old}` : undefined);
	}
	expect(answered.find("answer 19")).toBeUndefined();
});
