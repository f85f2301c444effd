import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { Aedes } from "aedes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listening } from "../../scripts/listening.js";
import { Scratch } from "../scripts/rig.js";
import { ended, findMosquitto, freePort, ready } from "./mosquitto.js";
import { RealSession } from "./real-session.js";
import { type PlainBroker, sessionAt } from "./session-suite.js";

const program = findMosquitto();
const scratch = new Scratch();
afterAll(() => scratch.remove());

sessionAt("aedes", 4, startAedes, false);
if (program === undefined) test.skip("Mosquitto is not installed here: install it to run these", () => undefined);
else {
	const start = (): Promise<PlainBroker> => startPlainMosquitto(program);
	sessionAt("Mosquitto", 4, start);
	sessionAt("Mosquitto", 5, start);
	withVersion5(start);
}

/** Mosquitto with sessions on disk, written when it ends. */
async function startPlainMosquitto(where: string): Promise<PlainBroker> {
	const port = await freePort();
	const folder = scratch.path(`plain-${port}`);
	mkdirSync(folder);
	const settings = [
		`listener ${port} 127.0.0.1`,
		"allow_anonymous true",
		"persistence true",
		`persistence_location ${folder}/`,
		"max_topic_alias 4",
		...(process.getuid?.() === 0 ? ["user root"] : []),
	];
	writeFileSync(`${folder}/mosquitto.conf`, `${settings.join("\n")}\n`);
	const begin = () => spawn(where, ["-v", "-c", `${folder}/mosquitto.conf`], { stdio: ["ignore", "pipe", "pipe"] });
	let child = begin();
	await ready(child);
	return {
		port,
		async restart() {
			await ended(child);
			child = begin();
			await ready(child);
		},
		close: () => ended(child),
	};
}

/** Aedes, whose sessions live as long as it does: only its door is closed and opened again. */
async function startAedes(): Promise<PlainBroker> {
	const aedes = await Aedes.createBroker();
	aedes.on("clientError", () => undefined);
	aedes.on("connectionError", () => undefined);
	const sockets = new Set<Socket>();
	const open = async (port: number) => {
		const made = createServer((socket) => {
			sockets.add(socket);
			socket.once("close", () => sockets.delete(socket));
			aedes.handle(socket);
		});
		await listening(made, port, "127.0.0.1", "--port");
		return made;
	};
	const shut = async () => {
		const closed = new Promise((resolve) => server.close(resolve));
		for (const socket of sockets) socket.destroy();
		await closed;
	};
	let server = await open(0);
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	return {
		port,
		async restart() {
			await shut();
			server = await open(port);
		},
		async close() {
			await shut();
			await new Promise<void>((resolve) => aedes.close(resolve));
		},
	};
}

/** What only MQTT 5 has. */
function withVersion5(start: () => Promise<PlainBroker>): void {
	describe("what MQTT 5 adds, at Mosquitto", () => {
		let broker: PlainBroker;
		let one: RealSession;
		let two: RealSession;

		beforeAll(async () => {
			broker = await start();
			one = await new RealSession(broker.port, 5, { clientId: "", topicAliasMax: 3 }).online();
			two = await new RealSession(broker.port, 5, { clientId: "two", topicAliasMax: 3 }).online();
		});
		afterAll(async () => {
			await one?.leave();
			await two?.leave();
			await broker?.close();
		});

		test("the broker chooses a client id for who has none", () => {
			expect(one.session.clientId).toMatch(/^auto-/);
			expect(two.session.clientId).toBe("two");
		});

		test("topic aliases stand for their topics, more of them than there are aliases", async () => {
			await two.subscribed(["alias/+"], 1);
			const expected: string[] = [];
			for (let round = 0; round < 3; round++)
				for (let topic = 0; topic < 6; topic++) {
					one.say(`alias/${topic}`, `${round}`, 1);
					expected.push(`alias/${topic} ${round}`);
				}
			await two.hears(() => two.got.length === expected.length, "all of them");
			expect(two.got.splice(0).map(({ topic, text }) => `${topic} ${text}`)).toEqual(expected);
		});

		test("properties come through as they were", async () => {
			await two.subscribed(["props"], 2, { subscriptionId: 77 });
			one.session.publish("props", "x", 2, false, 1_000, {
				contentType: "text/plain",
				responseTopic: "back",
				correlationData: Buffer.from("c1"),
				messageExpiryS: 60,
				userProperties: [{ name: "who", value: "me" }],
			});
			await two.hears(() => two.got.length === 1, "the message");
			expect(two.got.splice(0)[0]).toMatchObject({
				topic: "props",
				qos: 2,
				contentType: "text/plain",
				responseTopic: "back",
				correlation: "c1",
				subscriptionId: 77,
				user: "me",
			});
		});

		test("no local and retain handling are kept to", async () => {
			one.session.publish("kept", "old", 1, true, 1_001);
			await one.hears(() => !one.told.includes("never"), "nothing");
			await two.subscribed(["kept"], 1, { retainHandling: 2 });
			await two.subscribed(["own"], 1, { noLocal: true });
			two.say("own", "mine", 1);
			one.say("own", "yours", 1);
			one.say("kept", "new", 1);
			await two.hears(() => two.got.length >= 2, "two messages");
			expect(
				two.got
					.splice(0)
					.map(({ topic, text }) => `${topic} ${text}`)
					.sort(),
			).toEqual(["kept new", "own yours"]);
		});

		test("the will goes out when one leaves with it", async () => {
			await two.subscribed(["will"], 1);
			const will = {
				topic: "will",
				payload: "gone",
				qos: 1,
				retain: false,
				delayS: 0,
				contentType: "text/plain",
			} as const;
			const third = await new RealSession(broker.port, 5, { clientId: "third", will }).online();
			third.stays = false;
			third.session.close(true);
			await two.hears(() => two.got.length === 1, "the will");
			expect(two.got.splice(0)[0]).toMatchObject({ text: "gone", contentType: "text/plain" });
			await third.leave();
		});
	});
}
