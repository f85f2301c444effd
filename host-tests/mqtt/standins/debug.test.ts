import { expect, it } from "vitest";
import debug from "../../../firmware/mqtt/standins/debug.js";

it("says nothing to anybody", () => {
	expect(debug("mqtt-packet:parser")()).toBeUndefined();
});
