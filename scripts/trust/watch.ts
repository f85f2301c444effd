import { reasonOf } from "../../firmware/model/fault.js";
import { readDocument } from "../page/documents.js";
import { brokerFault } from "../start/broker-fault.js";
import { stopped } from "../start/stopped.js";
import type { Target } from "../start/target.js";
import type { OwnerKey } from "./key-files.js";
import { openMessage } from "./open.js";
import { connected } from "./send.js";

const AGAIN_MS = 2_000;
const REFUSED = 128; // MQTT 3.1.1, section 3.9.3

/** One line for a message: topic, what vouches for it, and what it says. */
export function lineOf(topic: string, payload: Buffer, keys: readonly OwnerKey[]): string {
	if (topic.endsWith("/command") || topic.endsWith("/set")) return `${topic} <- ${payload.toString()}`;
	try {
		const opened = openMessage(payload, topic, keys);
		const document = readDocument(opened.payload);
		const text = document === undefined ? opened.payload.toString() : JSON.stringify(document);
		return opened.proof === "none" ? `${topic} ${text}` : `${topic} (${opened.proof}) ${text}`;
	} catch (error) {
		return `${topic} NOT TO BE TRUSTED: ${reasonOf(error)}`;
	}
}

/** Prints what comes to a filter until somebody stops it. */
export async function watch(target: Target, filter: string, keys: readonly OwnerKey[]): Promise<void> {
	const client = await connected(target, AGAIN_MS);
	client.on("message", (topic, payload) => console.log(lineOf(topic, payload, keys)));
	client.on("close", () => console.error("farpin: the connection to the broker is lost; trying again"));
	client.on("error", (error) => console.error(`farpin: ${brokerFault(target, error).message}`));
	const [granted] = await client.subscribeAsync(filter, { qos: 1 });
	if (granted === undefined || granted.qos === REFUSED)
		console.error(`farpin: ${filter}: the broker does not let this user read it; give it permission to`);
	await stopped();
	client.removeAllListeners("close");
	await client.endAsync(true);
}
