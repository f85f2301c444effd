import { describe, expect, it } from "vitest";
import { defineDevice } from "../../../firmware/model/device.js";
import { button } from "../../../firmware/model/inputs.js";
import { number } from "../../../firmware/model/number.js";
import { when } from "../../../firmware/model/rules.js";
import type { Context } from "../../../firmware/runtime/entities/entity.js";
import { EntityList } from "../../../firmware/runtime/entities/list.js";
import { fakeSensor } from "../../model/parts.js";
import { VirtualBoard } from "../../virtual/board.js";
import { FakeOutput, lightOn, switchOn } from "./outputs.js";

const pump = new FakeOutput();
const lamp = new FakeOutput();

const device = defineDevice({
	name: "Test",
	entities: {
		key: button(),
		airQuality: fakeSensor(["co2", "voc"]),
		noise: fakeSensor(["level"]),
		waterPump: switchOn(pump),
		lamp: lightOn(lamp),
		target: number({ min: 0, max: 9 }),
	},
	rules: ({ key, waterPump, lamp }) => [
		when(key.press, waterPump.toggle(), lamp.toggle()),
		when(key.hold, waterPump.off()),
	],
});

function list() {
	const events: string[] = [];
	const context: Context = {
		board: new VirtualBoard(),
		device,
		stateChanged: () => undefined,
		event: (entity, event, detail) => events.push(`${entity} ${event}${detail}`),
		sample: () => undefined,
		trigger: () => undefined,
	};
	return { entities: new EntityList(context, device), events };
}

describe("the entities of a device", () => {
	it("have their state topics in order, a button none", () => {
		const { entities } = list();
		expect([0, 1, 2, 3, 4, 5].map((index) => entities.stateTopic(index))).toEqual([
			"air-quality-co2/state",
			"air-quality-voc/state",
			"noise/state",
			"water-pump/state",
			"lamp/state",
			"target/state",
		]);
		expect([3, 5].map((index) => entities.stateText(index))).toEqual(["OFF", "0"]);
	});

	it("are found by their name on the wire, and by nothing else", () => {
		const { entities } = list();
		expect(entities.find("water-pump")).toBe(entities.all[3]);
		expect(entities.find("air-quality-voc")).toBe(entities.all[1]);
		for (const id of ["waterPump", "", "pump", "__proto__", "constructor"]) expect(entities.find(id)).toBeUndefined();
	});

	it("know who does not answer, and who can show which device this is", () => {
		const { entities } = list();
		expect(entities.stale()).toEqual(["air-quality", "noise"]);
		expect(entities.beacon).toBe(entities.all[4]);
	});

	it("do what the rules say, the others also when one fails", () => {
		const { entities, events } = list();
		pump.failures = 1;
		entities.trigger("key", "press");
		expect(lamp.last).toBe(1);
		expect(events[0]).toBe('water-pump fault,"reason":"the output is stuck"');
		entities.trigger("key", "press");
		expect([pump.last, lamp.last]).toEqual([true, 0]);
		entities.trigger("key", "hold");
		expect(pump.last).toBe(false);
		entities.trigger("target", "press");
	});
});
