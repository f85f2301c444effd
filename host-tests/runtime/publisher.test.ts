import { beforeEach, describe, expect, it } from "vitest";
import { DeviceRig } from "./rig.js";

let rig: DeviceRig;
beforeEach(() => {
	rig = new DeviceRig();
});

/** The topics that came from message `from` on, in their order, the entities' names left out. */
function order(from = 0): string[] {
	const kinds = rig.seen.slice(from).map(({ topic }) => topic.replace(/^.*\/state$/, "state"));
	return kinds.filter((kind, index) => kind !== kinds[index - 1]);
}

function seqs(): number[] {
	return rig.samples.map(({ seq }) => seq);
}

describe("what goes out", () => {
	it("begins with status and description, then what happened, the states, the measurements, the health", () => {
		rig.board.network.cut(); // so that there are measurements and an event to tell of
		rig.start(15_000).press("key");
		rig.board.network.restore();
		rig.advance(60_000);
		const kinds = ["status", "about", "event", "state", "telemetry", "health"];
		const all = order();
		expect(kinds.map((kind) => all.indexOf(kind))).toEqual(
			kinds.map((kind) => all.indexOf(kind)).sort((a, b) => a - b),
		);
		expect(all.slice(0, 2)).toEqual(["status", "about"]);
		expect(new Set(all)).toEqual(new Set(kinds));
	});

	it("has the flags of the contract", () => {
		rig.start(70_000).press("key").command({ id: "a1", do: "report" });
		const flags = new Map<string, string>();
		for (const { packet, direction } of rig.broker.log) {
			if (packet.cmd !== "publish" || direction !== "in") continue;
			const kind = (packet.topic ?? "").replace("farpin/greenhouse/", "").replace(/^.*\/state$/, "state");
			flags.set(kind, `QoS ${packet.qos}${packet.retain ? ", retained" : ""}`);
		}
		expect(Object.fromEntries(flags)).toEqual({
			status: "QoS 1, retained",
			about: "QoS 1, retained",
			state: "QoS 1, retained",
			health: "QoS 0, retained",
			telemetry: "QoS 1",
			event: "QoS 1",
			result: "QoS 1",
		});
	});

	it("leaves every state, the description and the health at the broker", () => {
		rig.start();
		const kept = [...rig.broker.retained.keys()].map((topic) => topic.replace("farpin/greenhouse/", ""));
		expect(kept.sort()).toEqual([
			"about",
			"air-humidity/state",
			"air-pressure/state",
			"air-temperature/state",
			"door/state",
			"health",
			"lamp/state",
			"pump/state",
			"soil/state",
			"status",
			"target/state",
		]);
	});

	it("tells MQTT 5 what the payloads are", () => {
		rig.start(20_000).press("key");
		for (const topic of ["about", "telemetry", "event", "health"]) {
			expect(rig.seen.find((seen) => seen.topic === topic)?.properties?.contentType).toBe("application/json");
		}
	});
});

describe("measurements", () => {
	it("go out every ten seconds, each once, with the time of the measurement", () => {
		rig.start(3_000).advance(120_000);
		expect(rig.texts("telemetry").length).toBeGreaterThanOrEqual(12);
		expect(rig.texts("telemetry").length).toBeLessThanOrEqual(14);
		expect(seqs()).toEqual(seqs().map((_, index) => index + 1));
		const { seq, time } = rig.samples.at(-1) ?? { seq: 0, time: 0 };
		expect(seq).toBeGreaterThan(20);
		expect(Math.abs((time ?? 0) - rig.board.world.trueMs)).toBeLessThan(25_000);
	});

	it("that the broker never acknowledged go out again, and none is missing", () => {
		rig.start();
		rig.broker.holdAcks = true;
		rig.advance(25_000);
		const taken = seqs().length;
		rig.broker.disconnect();
		rig.broker.releaseAcks();
		rig.advance(120_000);
		expect(taken).toBeGreaterThan(0);
		expect(seqs().length).toBeGreaterThan(new Set(seqs()).size); // some came twice: they can be told by their number
		const all = [...new Set(seqs())].sort((a, b) => a - b);
		expect(all).toEqual(all.map((_, index) => index + 1));
	});

	it("that the broker refuses are counted, and not sent for ever", () => {
		rig.start().advance(10_000);
		rig.broker.pubackCode = 0x97; // quota exceeded
		rig.advance(30_000);
		rig.broker.pubackCode = 0;
		rig.advance(30_000);
		expect(rig.health().outbox.dropped).toBeGreaterThan(0);
		expect(seqs().length).toBe(new Set(seqs()).size);
	});

	it.each([
		[0x87, "the user name or client id has no permission"],
		[0x95, "the packet is larger than it takes"],
	])(
		"that the broker refuses with %i are told of in health and log, by their topic, while the device stays online",
		(code, why) => {
			rig.start().advance(10_000);
			rig.broker.pubackCode = code;
			rig.advance(30_000).press("key");
			rig.broker.pubackCode = 0;
			rig.advance(100_000);
			expect(rig.health().link).toMatchObject({ state: "online", connects: 1 });
			expect(rig.health().link.lastError).toMatch(/^[a-z/ ]+: The broker refused the message: /);
			const lines = rig.board.lines.filter((line) => line.includes("refused"));
			for (const topic of ["telemetry", "event or result", "pump/state"])
				expect(lines).toContain(`${topic}: The broker refused the message: ${why}`);
		},
	);
});

describe("a state", () => {
	it("that changes while its last value is on its way is sent once more, as it is then", () => {
		rig.start();
		const from = rig.texts("target/state").length;
		rig.broker.holdAcks = true;
		for (const value of ["21", "22", "23"]) rig.publish("target/set", value);
		expect(rig.texts("target/state").slice(from)).toEqual(["21"]);
		rig.broker.releaseAcks();
		rig.advance(500);
		expect(rig.texts("target/state").slice(from)).toEqual(["21", "23"]);
	});

	it("that the broker refuses goes out again with the next health, as it is then, and so do status and description", () => {
		rig = new DeviceRig({ broker: { admit: () => 0 } });
		rig.broker.pubackCode = 0x97; // quota exceeded
		rig.start(5_000);
		expect(rig.running?.link.state).toBe("online");
		expect(["status", "about", "pump/state"].map((topic) => rig.last(topic))).toEqual([
			undefined,
			undefined,
			undefined,
		]);
		rig.broker.pubackCode = 0;
		rig.press("key").advance(60_000);
		expect(rig.last("status")).toBe("online");
		expect(rig.last("about")).toContain("Greenhouse");
		expect(rig.texts("pump/state")).toEqual(["ON"]);
		expect(rig.texts("soil/state")).toHaveLength(1);
	});

	it("that changed while the broker was away is told when it is back", () => {
		rig.start().board.network.cut();
		rig.advance(1_000).press("key").board.network.restore();
		rig.advance(60_000);
		expect(rig.last("pump/state")).toBe("ON");
	});
});

describe("an event", () => {
	it("that could not be told is told later, in order, with the time at which it happened", () => {
		rig.start();
		rig.board.network.cut();
		rig.advance(1_000);
		const happenedMs = rig.board.world.trueMs;
		rig.press("key").press("key").advance(60_000).board.network.restore();
		rig.advance(60_000);
		const events = rig.json("event");
		expect(events.map(({ entity, event }) => `${entity} ${event}`)).toEqual([
			"pump changed",
			"key press",
			"pump changed",
			"key press",
		]);
		expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
		expect(Math.abs((events[0]?.time as number) - happenedMs)).toBeLessThan(500);
	});

	it("goes out again until the broker has taken it", () => {
		rig.start();
		rig.broker.holdAcks = true;
		rig.press("key");
		expect(rig.json("event")).toHaveLength(1); // the others wait behind it
		rig.broker.disconnect();
		rig.broker.releaseAcks();
		rig.advance(60_000);
		expect(rig.json("event").map(({ seq }) => seq)).toEqual([1, 1, 2]);
	});
});
