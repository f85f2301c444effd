import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RealSession } from "./real-session.js";

/** A real broker on plain TCP that lets anybody in, and keeps sessions while it is away. */
export interface PlainBroker {
	readonly port: number;
	/** Ends, with every connection, and comes back at the same port. */
	restart(): Promise<void>;
	close(): Promise<void>;
}

export type StartPlainBroker = () => Promise<PlainBroker>;

const LASTING = { sessionExpiryS: 600 };

/**
 * What our session does at any broker, seen by a client that shares no code with it but the codec.
 * @param keepsQos2 false for a broker that hands QoS 2 messages on under new identifiers when a connection was lost.
 */
export function sessionAt(name: string, version: 4 | 5, start: StartPlainBroker, keepsQos2 = true): void {
	describe(`our session at ${name}, MQTT ${version === 4 ? "3.1.1" : "5.0"}`, () => {
		let broker: PlainBroker;
		let witness: MqttClient;
		const heard: string[] = [];
		const sessions: RealSession[] = [];

		beforeAll(async () => {
			broker = await start();
			witness = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
				clean: false,
				clientId: "witness",
				reconnectPeriod: 100,
			});
			witness.on("message", (topic, payload, { qos }) => heard.push(`${topic} ${payload} q${qos}`));
			await witness.subscribeAsync("out/#", { qos: 2 });
		});
		afterAll(async () => {
			for (const session of sessions) await session.leave();
			await witness?.endAsync(true);
			await broker?.close();
		});

		function client(clientId: string, options: object = {}): Promise<RealSession> {
			const session = new RealSession(broker.port, version, { clientId, ...options });
			sessions.push(session);
			return session.online();
		}

		test("messages of every QoS arrive there, and here", async () => {
			const one = await client("one");
			await one.subscribed(["in/+"], 2);
			for (const qos of [0, 1, 2] as const) {
				one.say(`out/${qos}`, "grüße", qos);
				await witness.publishAsync(`in/${qos}`, "zurück", { qos });
			}
			await one.settled();
			await one.hears(() => one.got.length === 3 && heard.length === 3, "three messages each way");
			expect(heard.sort()).toEqual(["out/0 grüße q0", "out/1 grüße q1", "out/2 grüße q2"]);
			expect(one.got.map(({ topic, text, qos }) => `${topic} ${text} q${qos}`).sort()).toEqual([
				"in/0 zurück q0",
				"in/1 zurück q1",
				"in/2 zurück q2",
			]);
			expect(one.session.unsubscribe(["in/+"])).toBe(true);
			await one.hears(() => one.told.includes("unsubscribed all"), "the answer to UNSUBSCRIBE");
		});

		test("what comes while it is away waits in its session", async () => {
			const two = await client("two", LASTING);
			await two.subscribed(["two/+"], 2);
			await two.vanish();
			for (let number = 1; number <= 5; number++) {
				await witness.publishAsync("two/1", `${number}`, { qos: 1 });
				await witness.publishAsync("two/2", `${number}`, { qos: 2 });
			}
			await two.online();
			expect(two.told[0]).toBe("online true");
			await two.hears(() => two.got.length >= 10, "ten messages");
			const texts = (topic: string) => two.got.filter((got) => got.topic === topic).map(({ text }) => text);
			expect([...new Set(texts("two/1"))]).toEqual(["1", "2", "3", "4", "5"]);
			expect(texts("two/2")).toEqual(["1", "2", "3", "4", "5"]);
		});

		test("with the broker killed and restarted in the middle, nothing is lost and no QoS 2 message comes twice", async () => {
			const three = await client("three", LASTING);
			await three.subscribed(["three"], 0); // aedes keeps no session without a subscription
			heard.length = 0;
			const count = 60;
			for (let number = 1; number <= count; number++) {
				three.say("out/1", `${number}`, 1);
				three.say("out/2", `${number}`, 2);
				if (number % 20 === 0) {
					await new Promise((resolve) => setTimeout(resolve, 5)); // some are on their way, some are through
					await broker.restart();
				}
			}
			await three.settled();
			const of = (topic: string) => heard.filter((line) => line.startsWith(topic)).map((line) => line.split(" ")[1]);
			const all = Array.from({ length: count }, (_, at) => `${at + 1}`);
			const isAll = () => new Set(of("out/1")).size === count && (!keepsQos2 || of("out/2").length >= count);
			await three.hears(isAll, "all messages");
			const sorted = (texts: Iterable<string | undefined>) => [...texts].sort((a, b) => Number(a) - Number(b));
			expect(sorted(new Set(of("out/1")))).toEqual(all); // aedes hands on what waited in an order of its own
			if (keepsQos2) expect(sorted(of("out/2"))).toEqual(all);
			expect(three.told.filter((line) => line.startsWith("ended protocol"))).toEqual([]);
			expect(three.told.filter((line) => line === "online true").length).toBeGreaterThan(0);
		});
	});
}
