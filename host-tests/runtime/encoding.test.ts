import { decode, encode } from "@msgpack/msgpack";
import { beforeEach, describe, expect, it } from "vitest";
import reference from "../../firmware/device.js";
import { inEncoding } from "../../firmware/model/device.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import type { BrokerMessage } from "../virtual/broker.js";
import { DeviceRig, type Sample } from "./rig.js";

const device = inEncoding(reference, messagePack);
const PREFIX = "farpin/greenhouse/";

let rig: DeviceRig;
let heard: BrokerMessage[];

function begin(of = device): void {
	rig = new DeviceRig({ device: of });
	heard = [];
	rig.broker.observe("#", (message) => {
		if (message.from !== undefined) heard.push({ ...message, payload: message.payload.slice() });
	});
	rig.start();
}
beforeEach(() => begin());

function on(topic: string): BrokerMessage[] {
	return heard.filter((message) => message.topic === (topic.startsWith("app/") ? topic : PREFIX + topic));
}

function documents(topic: string): Record<string, unknown>[] {
	return on(topic).map(({ payload }) => decode(payload) as Record<string, unknown>);
}

describe("a device that speaks MessagePack", () => {
	it("sends its measurements in it, with numbers as they are and times that are whole", () => {
		rig.advance(60_000);
		const samples = documents("telemetry").flatMap((batch) => batch.samples as Sample[]);
		expect(samples.length).toBeGreaterThan(8);
		expect(samples.map(({ seq }) => seq)).toEqual(samples.map((_, i) => i + 1));
		expect(samples.find(({ values }) => "soil" in values)).toMatchObject({ values: { soil: expect.any(Number) } });
		for (const { values, time } of samples) {
			expect(Number.isSafeInteger(time)).toBe(true);
			for (const value of Object.values(values)) expect(String(value)).toMatch(/^-?\d+(\.\d{1,2})?$/);
		}
	});

	it("sends the same as in JSON, and less of it", () => {
		rig.advance(60_000);
		const packed = { batches: documents("telemetry"), bytes: bytesOf("telemetry"), health: documents("health").at(-1) };
		begin({ ...reference });
		rig.advance(60_000);
		const plain = on("telemetry").map(({ payload }) => JSON.parse(rig.board.text.decode(payload, 0, payload.length)));
		expect(packed.batches).toEqual(plain);
		expect(packed.bytes / bytesOf("telemetry")).toBeLessThan(0.8);
		expect(Object.keys(packed.health ?? {})).toEqual(Object.keys(rig.json("health").at(-1) ?? {}));
	});

	it("says so in `about`, which is always JSON, and in every Content Type", () => {
		rig.command({ id: "a1", set: { pump: "ON" } }).advance(20_000);
		expect(rig.json("about")[0]).toMatchObject({ encoding: "msgpack", id: "greenhouse" });
		const types = ["about", "telemetry", "health", "event", "result"].map((topic) => [
			topic,
			new Set(on(topic).map(({ properties }) => properties?.contentType)),
		]);
		const packed = new Set(["application/vnd.msgpack"]);
		expect(types).toEqual([
			["about", new Set(["application/json"])],
			["telemetry", packed],
			["health", packed],
			["event", packed],
			["result", packed],
		]);
	});

	it("leaves bare values as they are", () => {
		rig.publish("target/set", "21.5").publish("lamp/set", '{"state":"ON","brightness":40}');
		expect([rig.last("target/state"), rig.last("lamp/state")]).toEqual(["21.5", '{"state":"ON","brightness":40}']);
	});

	it("tells events with their time", () => {
		rig.publish("lamp/set", "40").press("key");
		expect(documents("event")).toMatchObject([
			{
				entity: "lamp",
				event: "changed",
				to: { state: "ON", brightness: 40 },
				why: "command",
				time: expect.any(Number),
			},
			{ entity: "pump", event: "changed", to: "ON", why: "rule key press" },
			{ entity: "key", event: "press", seq: 3, boot: 1 },
		]);
	});

	it.each([
		["MessagePack", (asked: object) => encode(asked)],
		["JSON", (asked: object) => JSON.stringify(asked)],
	])("takes a command in %s, and answers in its own encoding", (_, written) => {
		const more = { responseTopic: "app/answers", correlationData: new Uint8Array([7]) as never };
		rig.publish("command", written({ id: "a1", set: { pump: "ON", target: 21.5 } }), false, more);
		expect([rig.pumpOn, rig.last("target/state")]).toEqual([true, "21.5"]);
		expect(documents("result")).toEqual([{ id: "a1", outcome: "applied" }]);
		expect(documents("app/answers")).toEqual([{ id: "a1", outcome: "applied" }]);
		expect([...(on("app/answers")[0]?.properties?.correlationData ?? [])]).toEqual([7]);
	});

	it("refuses a command that is broken at any byte, counts it, and goes on", () => {
		const whole = encode({ id: "a1", set: { pump: "ON" } });
		for (let end = 1; end < whole.length; end++) rig.publish("command", whole.slice(0, end));
		expect(rig.pumpOn).toBe(false);
		const results = documents("result");
		expect(results).toHaveLength(whole.length - 1);
		for (const result of results)
			expect(result).toEqual({ outcome: "refused", reason: "the MessagePack document is cut short" });
		rig.publish("command", whole);
		expect(rig.pumpOn).toBe(true);
	});
});

describe("a device that speaks JSON", () => {
	it("refuses a command in MessagePack in one sentence", () => {
		begin({ ...reference });
		rig.publish("command", encode({ id: "a1", set: { pump: "ON" } }));
		expect(rig.json("result")).toEqual([
			{ outcome: "refused", reason: "command: it is in MessagePack, and this device reads JSON" },
		]);
		expect(rig.pumpOn).toBe(false);
	});
});

function bytesOf(topic: string): number {
	return on(topic).reduce((sum, { payload }) => sum + payload.length, 0);
}
