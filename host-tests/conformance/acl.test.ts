import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAcl } from "../../scripts/acl/acl.js";
import { Scratch } from "../scripts/rig.js";
import { findMosquitto, type Mosquitto, startMosquitto } from "./mosquitto.js";

const WORDS = { root: "farpin", owner: "owner", answers: "answers/#" };
const program = findMosquitto();

describe.skipIf(program === undefined)(
	`permissions at Mosquitto${program === undefined ? " (skipped: it is not installed)" : ""}`,
	() => {
		const scratch = new Scratch();
		const clients: MqttClient[] = [];
		let broker: Mosquitto;

		beforeAll(async () => {
			const acl = makeAcl("mosquitto", WORDS);
			broker = await startMosquitto(program ?? "", scratch, ["localhost"], "tls", {
				acl,
				users: ["owner", "shed", "barn"],
			});
		});
		afterAll(async () => {
			await Promise.all(clients.map((client) => client.endAsync(true)));
			await broker?.close();
			scratch.remove();
		});

		async function user(username: string): Promise<MqttClient> {
			const { host, port, roots, password } = broker.target;
			const client = await connectAsync({
				...{ protocol: "mqtts", host, port, username, password, protocolVersion: 5, reconnectPeriod: 0 },
				ca: [...(roots ?? [])],
			});
			clients.push(client);
			return client;
		}

		/** Whether what `from` publishes to `topic` comes to `to`, which asks for everything. */
		async function arrives(from: string, to: string, topic: string): Promise<boolean> {
			const [sender, receiver, marker] = await Promise.all([user(from), user(to), user("owner")]);
			let heard = false;
			const marked = new Promise<void>((resolve) => {
				receiver.on("message", (name) => {
					if (name === topic) heard = true;
					if (name === `answers/${to}` || name === `farpin/${to}/command`) resolve();
				});
			});
			await receiver.subscribeAsync("#", { qos: 1 }).catch(() => undefined);
			await receiver
				.subscribeAsync([topic, `answers/${to}`, `farpin/${to}/command`], { qos: 1 })
				.catch(() => undefined);
			await sender.publishAsync(topic, "21.5", { qos: 1 }).catch(() => undefined);
			// What must come: after it, what has not come will not.
			if (to === "owner") await (await user("shed")).publishAsync("answers/owner", "x", { qos: 1 });
			else await marker.publishAsync(`farpin/${to}/command`, "x", { qos: 1 });
			await marked;
			return heard;
		}

		it.each([
			["shed", "owner", "farpin/shed/temperature/state"],
			["shed", "owner", "farpin/shed/telemetry"],
			["shed", "owner", "farpin/shed/result"],
			["owner", "shed", "farpin/shed/pump/set"],
		])("what %s says comes to %s: %s", async (from, to, topic) => {
			expect(await arrives(from, to, topic)).toBe(true);
		});

		it.each([
			["shed", "owner", "farpin/barn/telemetry", "a device speaks for another"],
			["shed", "barn", "farpin/barn/pump/set", "a device commands another"],
			["shed", "shed", "farpin/shed/pump/set", "a device commands itself"],
			["barn", "shed", "farpin/barn/telemetry", "a device hears another"],
			["owner", "barn", "farpin/shed/pump/set", "a device hears another's commands"],
			["owner", "owner", "farpin/shed/telemetry", "an owner speaks for a device"],
			["shed", "owner", "elsewhere/shed", "a device speaks elsewhere"],
		])("what %s says does not come to %s: %s (%s)", async (from, to, topic) => {
			expect(await arrives(from, to, topic)).toBe(false);
		});
	},
);
