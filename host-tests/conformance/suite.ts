import { afterAll, test as anyTest, beforeAll, describe, expect } from "vitest";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import type { Target } from "../../scripts/start/target.js";
import { oneDevice, Scratch } from "../scripts/rig.js";
import { Changes, type Heard, json, Witness } from "../scripts/witness.js";

/** A real broker, started for the suite. */
export interface BrokerUnderTest {
	/** How its owner reaches it. */
	readonly target: Target;
	/** True for the embedded one, where a device has a user of its own. */
	readonly own: boolean;
	close(): Promise<void>;
}

/** Starts one whose certificate is for `names`. */
export type StartBroker = (scratch: Scratch, names: readonly string[]) => Promise<BrokerUnderTest>;

/** Without TLS there is no certificate to look at. */
export const PLAIN = { encrypted: false };

const ID = "bench";

/** One after the other with the same device, while devices at other brokers have theirs: all of them mostly wait. */
const test = anyTest.sequential;

/** What a device does at any broker: the wire contract over real sockets, seen by a client that shares no code with it. */
export function deviceAt(name: string, start: StartBroker, { encrypted } = { encrypted: true }): void {
	describe.concurrent(`a device at ${name}`, () => {
		const scratch = new Scratch();
		const changes = new Changes();
		let broker: BrokerUnderTest;
		let device: SimulatedDevice;
		let witness: Witness;

		beforeAll(async () => {
			broker = await start(scratch, ["localhost", "127.0.0.1"]);
			witness = await Witness.of(broker.target, ID);
			device = oneDevice(scratch, broker.target, { id: ID, own: broker.own, onChange: changes.happened });
			device.start();
		});
		afterAll(async () => {
			await device?.stop();
			await witness?.close();
			await broker?.close();
			scratch.remove();
		});

		test("says that it is online and what it is", async () => {
			await witness.hears("status", ({ text }) => text === "online");
			const about = json(await witness.hears("about"));
			expect(about).toMatchObject({ id: ID, name: "Test bench", contract: 1, target: "pc" });
			const entities = about.entities as { id: string; kind: string }[];
			expect(entities.map(({ id, kind }) => `${id} ${kind}`).sort()).toEqual([
				"air-humidity sensor",
				"air-pressure sensor",
				"air-temperature sensor",
				"door binary_sensor",
				"key button",
				"lamp light",
				"pump switch",
				"soil sensor",
				"target number",
			]);
		});

		test("leaves status, description, states and health for those who come later", async () => {
			await witness.hears("health");
			await witness.hears("pump/state");
			const late = await Witness.of(broker.target, ID);
			const kept = ["status", "about", "health", "pump/state", "lamp/state", "target/state", "door/state"];
			const heard = await Promise.all(kept.map((topic) => late.hears(topic, ({ packet }) => packet.retain)));
			expect(heard.map(({ topic }) => topic)).toEqual(kept);
			expect(heard[3]?.text).toBe("OFF");
			expect(heard[4]?.text).toMatch(/^\{"state":"OFF","brightness":\d+\}$/);
			expect(heard[5]?.text).toBe("20");
			await late.close();
		});

		test("measures the air it is in, and sends it in batches that can be told apart", async () => {
			const mark = witness.mark;
			device.turn("air", "temperatureC", 31.5);
			const state = await witness.hears(
				"air-temperature/state",
				({ text }) => Math.abs(Number(text) - 31.5) < 0.1,
				mark,
			);
			expect(state.packet.qos).toBe(1);
			const warm = (heard: Heard): boolean =>
				samplesOf(heard).some(({ values }) => Math.abs((values["air-temperature"] ?? 0) - 31.5) < 0.1);
			const batch = await witness.hears("telemetry", warm, mark);
			expect(batch.packet).toMatchObject({ qos: 1, retain: false });
			const batches = witness.heard.filter(({ topic }) => topic === "telemetry");
			const seqs = batches.flatMap(samplesOf).map(({ seq }) => seq);
			expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
			expect(Math.abs(Date.now() - (samplesOf(batch).at(-1)?.time ?? 0))).toBeLessThan(60_000);
			expect(json(batch).boot).toBe(1);
		});

		test.each([0, 1] as const)("switches at QoS %i and says why it did", async (qos) => {
			for (const value of ["ON", "OFF"]) {
				const mark = witness.mark;
				await witness.say("pump/set", value, { qos });
				await witness.hears("pump/state", ({ text }) => text === value, mark);
				const event = json(await witness.hears("event", (heard) => json(heard).to === value, mark));
				expect(event).toMatchObject({ event: "changed", entity: "pump", why: "command" });
				const [coil] = device.parts().filter(({ kind }) => kind === "coil");
				expect(coil).toMatchObject({ on: value === "ON" });
			}
		});

		test("dims, sets a number and presses a button", async () => {
			const mark = witness.mark;
			await witness.say("lamp/set", '{"state":"ON","brightness":40}');
			await witness.hears("lamp/state", ({ text }) => text === '{"state":"ON","brightness":40}', mark);
			await witness.say("target/set", "21.5");
			await witness.hears("target/state", ({ text }) => text === "21.5", mark);
			await witness.say("key/set", "PRESS");
			await witness.hears("event", (heard) => json(heard).entity === "key" && json(heard).event === "press", mark);
			await witness.hears("pump/state", ({ text }) => text === "ON", mark); // the device's own rule
			await witness.say("pump/set", "OFF");
			await witness.hears("pump/state", ({ text }) => text === "OFF", mark);
		});

		test("carries out a command and answers once for all of it", async () => {
			const mark = witness.mark;
			await witness.say("command", '{"id":"a1","set":{"pump":"ON","lamp":70}}');
			const result = await witness.hears("result", (heard) => json(heard).id === "a1", mark);
			expect(json(result)).toEqual({ id: "a1", outcome: "applied" });
			await witness.hears("pump/state", ({ text }) => text === "ON", mark);
			await witness.say("command", '{"id":"a2","set":{"pump":"OFF","lamp":"purple"}}');
			const refused = json(await witness.hears("result", (heard) => json(heard).id === "a2", mark));
			expect(refused).toMatchObject({ outcome: "refused", reason: expect.stringMatching(/^lamp: ./) });
			expect(device.parts()).toContainEqual({ kind: "coil", key: "pump", on: true }); // all or nothing
			await witness.say("pump/set", "OFF");
			await witness.hears("pump/state", ({ text }) => text === "OFF", mark);
		});

		test.each([
			["pump/set", "SIDEWAYS"],
			["target/set", "400"],
			["target/set", "warm"],
			["door/set", "ON"],
			["nothing/set", "ON"],
		])("refuses %s %s in one sentence, and nothing moves", async (topic, value) => {
			const mark = witness.mark;
			await witness.say(topic, value);
			const result = json(await witness.hears("result", () => true, mark));
			expect(result).toMatchObject({
				entity: topic.slice(0, -4),
				outcome: "refused",
				reason: expect.stringMatching(/\w+ \w+/),
			});
			expect(device.parts()).toContainEqual({ kind: "coil", key: "pump", on: false });
		});

		test("sees buttons and contacts, and goes on switching with the network cut", async () => {
			const mark = witness.mark;
			device.turn("door", "closed", 1);
			await witness.hears("door/state", ({ text }) => text === "OFF", mark);
			device.setNetwork(false);
			await witness.hears("status", ({ text }) => text === "offline", mark); // the will
			device.turn("key", "closed", 1);
			setTimeout(() => device.turn("key", "closed", 0), 300); // a finger: slower than debouncing, quicker than a hold
			await changes.until(() => device.parts().some((part) => part.kind === "coil" && part.on), "the coil's pull");
			const back = witness.mark;
			device.setNetwork(true);
			await witness.hears("status", ({ text }) => text === "online", back);
			await witness.hears("pump/state", ({ text }) => text === "ON", back);
			await witness.say("pump/set", "OFF");
			await witness.hears("pump/state", ({ text }) => text === "OFF", back);
		});

		test("never carries out what was retained for it", async () => {
			const mark = witness.mark;
			device.setNetwork(false);
			await witness.hears("status", ({ text }) => text === "offline", mark);
			await witness.say("pump/set", "ON", { retain: true });
			device.setNetwork(true);
			const result = json(await witness.hears("result", (heard) => json(heard).entity === "pump", mark));
			expect(result).toMatchObject({ outcome: "refused", reason: expect.stringContaining("retain") });
			expect(device.parts()).toContainEqual({ kind: "coil", key: "pump", on: false });
			await witness.say("pump/set", "", { retain: true }); // takes it away
		});

		test("tells of a sensor that falls silent, while the others go on", async () => {
			const mark = witness.mark;
			device.turn("air", "silent", 1);
			await witness.hears("event", (heard) => json(heard).event === "fault" && json(heard).entity === "air", mark);
			await witness.hears("air-temperature/state", ({ text }) => text === "unavailable", mark);
			const later = witness.mark;
			device.turn("soil", "fraction", 0.25);
			await witness.hears("soil/state", ({ text }) => Math.abs(Number(text) - 25) < 1, later);
			device.turn("air", "silent", 0);
			await witness.hears("event", (heard) => json(heard).event === "recovered", later);
		});

		test("starts again on command, and says goodbye when it is stopped", async () => {
			const mark = witness.mark;
			await witness.say("command", '{"id":"r1","do":"restart"}');
			await witness.hears("result", (heard) => json(heard).id === "r1", mark);
			await witness.hears("status", ({ text }) => text === "offline", mark);
			const health = await witness.hears("health", (heard) => json(heard).reset === "restart", mark);
			expect(health.topic).toBe("health");
			await witness.hears("telemetry", (heard) => json(heard).boot === 2, mark);
			const before = witness.mark;
			await device.stop();
			await witness.hears("status", ({ text }) => text === "offline", before);
		});

		describe.sequential("refuses an impostor, and is refused as one", () => {
			const strangers = new Scratch();
			afterAll(() => strangers.remove());

			/** Why a device that is given this target does not come online. */
			async function refusal(target: Target, own = broker.own): Promise<string> {
				const one = oneDevice(strangers, target, { id: "stranger", own, onChange: changes.happened });
				one.start();
				await changes.until(() => one.link.state === "waiting" || one.link.state === "online", "an end of the attempt");
				const { state, lastError = "" } = one.link;
				await one.stop();
				expect(state).toBe("waiting");
				return lastError;
			}

			if (encrypted) testCertificates();

			test("with the wrong password, and says so", async () => {
				const target = { ...broker.target, username: "owner", password: "wrong" };
				expect(await refusal(target, false)).toMatch(/password|permission/);
			});

			function testCertificates(): void {
				test("whose authority is another one", async () => {
					const { serverIdentity, splitPem } = await import("../../scripts/pki/authority.js");
					const other = await serverIdentity(strangers.path("other"), ["localhost"]);
					expect(await refusal({ ...broker.target, roots: splitPem(other.root) })).toMatch(/its certificate is forged/);
				});

				test("whose name is another one", async () => {
					const other = await start(strangers, ["elsewhere.example"]);
					expect(await refusal(other.target)).toMatch(/certificate is not for "localhost"/);
					await other.close();
				});
			}
		});
	});
}

interface Sample {
	readonly seq: number;
	readonly time: number;
	readonly values: Readonly<Record<string, number>>;
}

function samplesOf(heard: Heard): Sample[] {
	return json(heard).samples as Sample[];
}
