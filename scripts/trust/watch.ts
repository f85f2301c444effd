import { connectAsync } from "mqtt";
import { reasonOf } from "../../firmware/model/fault.js";
import { readDocument } from "../page/documents.js";
import { clientOptions, type Target } from "../start/target.js";
import type { OwnerKey } from "./key-files.js";
import { openMessage } from "./open.js";

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
	const client = await connectAsync(clientOptions(target));
	client.on("message", (topic, payload) => console.log(lineOf(topic, payload, keys)));
	client.on("error", (error) => console.error(`farpin: ${error.message}`));
	await client.subscribeAsync(filter, { qos: 1 });
	process.once("SIGINT", () => client.end(true));
}
