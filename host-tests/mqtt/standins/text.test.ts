import { expect, it, vi } from "vitest";
import { nodeText } from "../bench.js";

it("has no UTF-8 before it is told whose", async () => {
	vi.resetModules();
	const { currentText, useText } = await import("../../../firmware/mqtt/standins/text.js");
	expect(() => currentText()).toThrow("useText() must come before the first packet");
	useText(nodeText);
	expect(currentText()).toBe(nodeText);
});
