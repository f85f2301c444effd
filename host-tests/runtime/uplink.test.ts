import { describe, expect, it } from "vitest";
import { DeviceRig, type RigOptions } from "./rig.js";

function online(options: RigOptions = {}): DeviceRig {
	return new DeviceRig(options).start();
}

function linkLines({ board }: DeviceRig): string[] {
	return board.lines.filter((line) => line.startsWith("link: "));
}

describe("the way to the broker", () => {
	it("leads through every stage, each of them told", () => {
		const states = linkLines(online()).map((line) => /^link: (\w+)/.exec(line)?.[1]);
		const stages = states.filter((state, index) => state !== states[index - 1]);
		expect(stages).toEqual(["network", "address", "time", "name", "tcp", "mqtt", "online"]);
	});

	it("tells in plain words why it does not lead there", () => {
		const rig = new DeviceRig();
		rig.board.internet.names.delete("broker.test");
		rig.start(5_000);
		expect(linkLines(rig).at(-1)).toMatch(/^link: waiting, because the name broker\.test was not found$/);
		rig.board.internet.names.set("broker.test", "10.0.0.1");
		rig.advance(60_000);
		expect(rig.running?.link.state).toBe("online");
	});

	it("leads there again after every kind of loss", () => {
		const rig = online();
		const losses = [
			() => rig.broker.disconnect(),
			() => rig.broker.disconnect(undefined, 0x8b), // server shutting down
			() => rig.board.network.streams[0]?.reset(),
			() => rig.board.network.cut(),
			() => rig.board.network.cutSilently(),
		];
		for (const [index, lose] of losses.entries()) {
			lose();
			rig.advance(120_000).board.network.restore();
			rig.advance(120_000);
			expect(rig.health().link, `loss ${index}`).toMatchObject({ state: "online", connects: index + 2 });
			expect(rig.publish("pump/set", "TOGGLE").pumpOn).toBe(index % 2 === 0); // subscribed again
		}
		expect(rig.broker.violations).toEqual([]);
	});

	it("speaks 3.1.1 to a broker that knows nothing else", () => {
		const rig = online({ broker: { versions: [4] } });
		expect([...rig.broker.clients.values()].map(({ version }) => version)).toEqual([4]);
		expect(rig.publish("pump/set", "ON").pumpOn).toBe(true);
	});

	it("is not tried in a hurry when the password is refused", () => {
		const rig = new DeviceRig({ broker: { user: { name: "a", password: "b" } } }).start(60_000);
		expect(rig.running?.link.lastError).toMatch(/password|permission/);
		expect(rig.broker.accepted).toBeLessThanOrEqual(2);
	});
});

describe("at the broker", () => {
	it("the will says offline when the device vanishes", () => {
		const rig = online();
		expect(rig.last("status")).toBe("online");
		rig.board.network.cutSilently();
		rig.advance(60_000);
		expect(rig.broker.textOf("farpin/greenhouse/status")).toBe("offline");
	});

	it("nothing but the device's own commands is subscribed to, and nothing else is taken for one", () => {
		const rig = online();
		const [client] = rig.broker.clients.values();
		expect([...(client?.session.subscriptions ?? [])]).toEqual([
			["farpin/greenhouse/+/set", 1],
			["farpin/greenhouse/command", 1],
		]);
		client?.session.subscriptions.set("#", 1); // a broker that sends what nobody asked for
		for (const topic of [
			"farpin/other/pump/set",
			"pump/set",
			"xfarpin/greenhouse/pump/set",
			"farpin/greenhouse/pump",
		]) {
			rig.broker.publish(topic, "ON", { qos: 1 });
		}
		rig.advance(1_000);
		expect([rig.pumpOn, rig.texts("result"), rig.running?.link.state]).toEqual([false, [], "online"]);
	});

	it("a refused subscription leaves the device telling, and saying why it cannot listen", () => {
		const rig = new DeviceRig();
		rig.broker.subackCode = (filter) => (filter.endsWith("/set") ? 0x87 : undefined);
		rig.start(70_000);
		expect(rig.running?.link).toMatchObject({ state: "online", lastError: expect.stringContaining("+/set") });
		expect(JSON.parse(rig.last("health") ?? "")).toMatchObject({
			link: { lastError: expect.stringContaining("+/set") },
		});
		expect(rig.texts("telemetry").length).toBeGreaterThan(3);
	});

	it("an answer to a topic over which the broker ends the connection costs one connection, not all to come", () => {
		const rig = online();
		rig.broker.observe("forbidden/place", () => rig.broker.disconnect(undefined, 0x87));
		rig.command({ set: { pump: "ON" } }, { responseTopic: "forbidden/place" });
		rig.advance(600_000);
		expect(rig.texts("forbidden/place")).toHaveLength(1);
		expect(rig.running?.link).toMatchObject({ state: "online", connects: 2 });
		expect(rig.health().outbox.dropped).toBe(1);
	});

	it("a refused message is told on the console and keeps nothing back", () => {
		const rig = online();
		rig.broker.pubackCode = 0x87;
		rig.press("key");
		rig.broker.pubackCode = 0;
		rig.advance(1_000).press("key");
		expect(rig.board.lines.some((line) => /refused|permi|allowed/i.test(line))).toBe(true);
		expect(rig.json("event").at(-1)).toMatchObject({ entity: "key", event: "press" });
		expect(rig.last("pump/state")).toBe("OFF");
	});
});

describe("the parts", () => {
	it("are told when the broker has been out of reach for long, and by nothing shorter", () => {
		const rig = online().publish("pump/set", "ON");
		rig.board.network.cut();
		rig.advance(4 * 60_000).board.network.restore();
		rig.advance(60_000);
		expect(rig.pumpOn).toBe(true);
		rig.board.network.cut();
		rig.advance(5 * 60_000 + 1_000);
		expect(rig.pumpOn).toBe(false); // the reference device: five minutes, then OFF
	});
});
