import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { oneDevice, Scratch } from "../scripts/rig.js";
import { json, Witness } from "../scripts/witness.js";
import { findMosquitto, type Mosquitto, startMosquitto } from "./mosquitto.js";
import { deviceAt, PLAIN } from "./suite.js";

const program = findMosquitto();

if (program === undefined) test.skip("Mosquitto is not installed here: install it to run these", () => undefined);
else {
	deviceAt("Mosquitto over TLS", (scratch, names) => startMosquitto(program, scratch, names));
	deviceAt("Mosquitto over WebSocket and TLS", (scratch, names) => startMosquitto(program, scratch, names, "wss"));
	deviceAt("Mosquitto over WebSocket", (scratch, names) => startMosquitto(program, scratch, names, "ws"), PLAIN);
	withVersion5(program);
}

/** What only MQTT 5 has. */
function withVersion5(where: string): void {
	describe("a device with MQTT 5 at Mosquitto", () => {
		const scratch = new Scratch();
		let broker: Mosquitto;
		let device: SimulatedDevice;
		let witness: Witness;

		beforeAll(async () => {
			broker = await startMosquitto(where, scratch, ["localhost"]);
			witness = await Witness.of(broker.target, "bench", { protocolVersion: 5 });
			device = oneDevice(scratch, broker.target, { id: "bench", own: false });
			device.start();
			await witness.hears("status", ({ text }) => text === "online");
		});
		afterAll(async () => {
			await device?.stop();
			await witness?.close();
			await broker?.close();
			scratch.remove();
		});

		test("speaks it at the first attempt", () => {
			const connected = broker.lines.filter((line) => line.includes(" as farpin-bench "));
			expect(connected).toEqual([expect.stringContaining("(p5,")]);
		});

		test("answers where it is asked to, with what it was given", async () => {
			await witness.client.subscribeAsync("answers/here");
			const answered = new Promise<{ text: string; correlation: string }>((resolve) => {
				witness.client.on("message", (topic, payload, { properties }) => {
					if (topic !== "answers/here") return;
					resolve({ text: payload.toString(), correlation: String(properties?.correlationData) });
				});
			});
			await witness.client.publishAsync("farpin/bench/command", '{"id":"c1","set":{"pump":"ON"}}', {
				qos: 1,
				properties: { responseTopic: "answers/here", correlationData: Buffer.from("my-7") },
			});
			const { text, correlation } = await answered;
			expect(JSON.parse(text)).toEqual({ id: "c1", outcome: "applied" });
			expect(correlation).toBe("my-7");
		});

		test("tells what kind of content it sends", async () => {
			const about = await witness.hears("about");
			expect(about.packet.properties?.contentType).toBe("application/json");
			expect(json(about).id).toBe("bench");
		});
	});
}
