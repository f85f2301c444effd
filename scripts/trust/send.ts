import { connectAsync, type MqttClient } from "mqtt";
import { Fault } from "../../firmware/model/fault.js";
import { readDocument } from "../page/documents.js";
import { brokerFault } from "../start/broker-fault.js";
import { clientOptions, type Target } from "../start/target.js";
import type { OwnerKey } from "./key-files.js";
import { openMessage } from "./open.js";

/** What a device answered. */
export interface Answer {
	readonly outcome: string;
	readonly reason: string | undefined;
}

export interface Sending {
	readonly target: Target;
	/** The first levels of the device's topics, without a slash at the end. */
	readonly prefix: string;
	/** The command, signed or not. */
	readonly payload: string;
	/** The command's id, which the answer repeats. */
	readonly id: string;
	readonly timeoutMs: number;
	/** To open what the device answers. */
	readonly keys: readonly OwnerKey[];
}

/** Sends one command and waits for the device's answer. Throws a Fault when there is none. */
export async function sendCommand({ target, prefix, payload, id, timeoutMs, keys }: Sending): Promise<Answer> {
	const client = await connected(target);
	try {
		const answer = firstAnswer(client, prefix, { id, timeoutMs, keys });
		await client.subscribeAsync([`${prefix}/result`, `${prefix}/status`], { qos: 1 });
		await client.publishAsync(`${prefix}/command`, payload, { qos: 1 });
		return await answer;
	} finally {
		await client.endAsync();
	}
}

/** A client of the broker. Throws a Fault when it cannot be reached, or refuses. */
export async function connected(target: Target, reconnectPeriod = 0): Promise<MqttClient> {
	try {
		// Without "false" a client that tries again would never say that the first time failed.
		const options = { ...clientOptions(target), reconnectPeriod, connectTimeout: 10_000 };
		return await connectAsync("", options, false);
	} catch (error) {
		throw brokerFault(target, error);
	}
}

type Asked = Pick<Sending, "id" | "timeoutMs" | "keys">;

/** A command that could not be trusted is answered without its id, for nobody knows whose it is. */
function firstAnswer(client: MqttClient, prefix: string, { id, timeoutMs, keys }: Asked): Promise<Answer> {
	return new Promise((resolve, reject) => {
		let status = "";
		const timer = setTimeout(() => {
			const away = status === "offline" ? "it is offline" : "it did not answer in time";
			reject(new Fault(prefix, away, "see whether its name is right, and what its `health` says"));
		}, timeoutMs);
		client.on("message", (topic, payload, { retain }) => {
			if (topic.endsWith("/status")) status = payload.toString();
			const result = topic.endsWith("/result") && !retain ? readAnswer(topic, payload, keys) : undefined;
			if (result === undefined || result.entity !== undefined) return;
			if (result.id !== id && (result.id !== undefined || result.outcome !== "refused")) return;
			clearTimeout(timer);
			resolve({
				outcome: String(result.outcome),
				reason: result.reason === undefined ? undefined : String(result.reason),
			});
		});
	});
}

function readAnswer(topic: string, payload: Buffer, keys: readonly OwnerKey[]): Record<string, unknown> | undefined {
	try {
		return readDocument(openMessage(payload, topic, keys).payload);
	} catch {
		return undefined; // it is not from the device, or for somebody else
	}
}
