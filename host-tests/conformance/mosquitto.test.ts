import { decode, encode } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Encoding } from "../../firmware/model/document.js";
import { json } from "../../firmware/model/json.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { oneDevice, Scratch } from "../scripts/rig.js";
import { json as read, Witness } from "../scripts/witness.js";
import { findMosquitto, type Mosquitto, startMosquitto } from "./mosquitto.js";
import { deviceAt, PLAIN } from "./suite.js";

const program = findMosquitto();

if (program === undefined) test.skip("Mosquitto is not installed here: install it to run these", () => undefined);
else {
	deviceAt("Mosquitto over TLS", (scratch, names) => startMosquitto(program, scratch, names));
	deviceAt("Mosquitto over WebSocket and TLS", (scratch, names) => startMosquitto(program, scratch, names, "wss"));
	deviceAt("Mosquitto over WebSocket", (scratch, names) => startMosquitto(program, scratch, names, "ws"), PLAIN);
	for (const encoding of [json, messagePack]) withVersion5(program, encoding);
}

/** A document of the device, in JSON or in MessagePack. */
function document(payload: Uint8Array): Record<string, unknown> {
	const isPacked = (payload[0] ?? 0) >= 0x80;
	return (isPacked ? decode(payload) : JSON.parse(Buffer.from(payload).toString())) as Record<string, unknown>;
}

/** What only MQTT 5 has. */
function withVersion5(where: string, encoding: Encoding): void {
	describe.concurrent(`a device with MQTT 5 and ${encoding.id} at Mosquitto`, () => {
		const scratch = new Scratch();
		let broker: Mosquitto;
		let device: SimulatedDevice;
		let witness: Witness;

		beforeAll(async () => {
			broker = await startMosquitto(where, scratch, ["localhost"]);
			witness = await Witness.of(broker.target, "bench", { protocolVersion: 5 });
			device = oneDevice(scratch, broker.target, { id: "bench", own: false, encoding });
			device.start();
			await witness.hears("status", ({ text }) => text === "online");
		});
		afterAll(async () => {
			await device?.stop();
			await witness?.close();
			await broker?.close();
			scratch.remove();
		});

		test.sequential("speaks it at the first attempt", () => {
			const connected = broker.lines.filter((line) => line.includes(" as farpin-bench "));
			expect(connected).toEqual([expect.stringContaining("(p5,")]);
		});

		test.sequential("is told that a command is retained also while it is online, and refuses it", async () => {
			const mark = witness.mark;
			await witness.say("lamp/set", "77", { retain: true });
			const { payload } = await witness.hears("result", ({ payload }) => document(payload).entity === "lamp", mark);
			expect(document(payload)).toMatchObject({ outcome: "refused", reason: expect.stringContaining("retain") });
			await witness.say("lamp/set", "", { retain: true }); // takes it away
		});

		test.sequential("answers where it is asked to, with what it was given", async () => {
			await witness.client.subscribeAsync("answers/here");
			const answered = new Promise<{ content: unknown; correlation: string }>((resolve) => {
				witness.client.on("message", (topic, payload, packet) => {
					if (topic !== "answers/here") return;
					const content = read({ topic, payload, text: payload.toString(), packet });
					resolve({ content, correlation: String(packet.properties?.correlationData) });
				});
			});
			const command = { id: "c1", set: { pump: "ON", target: 21.53 } };
			const payload = encoding === json ? Buffer.from(JSON.stringify(command)) : Buffer.from(encode(command));
			await witness.client.publishAsync("farpin/bench/command", payload, {
				qos: 1,
				properties: {
					responseTopic: "answers/here",
					correlationData: Buffer.from("my-7"),
					contentType: encoding.contentType,
				},
			});
			const { content, correlation } = await answered;
			expect(content).toEqual({ id: "c1", outcome: "applied" });
			expect(correlation).toBe("my-7");
			await witness.hears("pump/state", ({ text }) => text === "ON");
		});

		test.sequential("tells what kind of content it sends", async () => {
			const about = await witness.hears("about");
			expect(about.packet.properties?.contentType).toBe("application/json");
			expect(read(about)).toMatchObject({ id: "bench", encoding: encoding.id });
			for (const topic of ["telemetry", "health"])
				expect((await witness.hears(topic)).packet.properties?.contentType).toBe(encoding.contentType);
		});

		test.sequential("sends numbers without noise", async () => {
			const { samples } = read(await witness.hears("telemetry")) as { samples: { values: Record<string, number> }[] };
			const values = samples.flatMap((sample) => Object.values(sample.values));
			expect(values.length).toBeGreaterThan(3);
			for (const value of values) expect(String(value)).toMatch(/^-?\d+(\.\d{1,2})?$/);
		});
	});
}
