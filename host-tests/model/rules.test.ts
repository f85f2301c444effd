import { describe, expect, it } from "vitest";
import { handleOf, when } from "../../firmware/model/rules.js";

describe("rules", () => {
	it("are what they read like", () => {
		const door = handleOf("door");
		const lamp = handleOf("lamp");
		expect(when(door.turnsOn, lamp.on(), lamp.off(), lamp.toggle())).toEqual({
			trigger: { entity: "door", event: "on" },
			actions: [
				{ entity: "lamp", action: "on" },
				{ entity: "lamp", action: "off" },
				{ entity: "lamp", action: "toggle" },
			],
		});
		expect([door.turnsOff, door.press, door.hold].map(({ event }) => event)).toEqual(["off", "press", "hold"]);
	});
});
