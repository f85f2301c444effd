import { expect, it } from "vitest";
import { nextTick } from "../../../firmware/mqtt/standins/next-tick.js";

it("is asked for by nobody: only a stream with cork() would", () => {
	expect(nextTick).toThrow("cork");
});
