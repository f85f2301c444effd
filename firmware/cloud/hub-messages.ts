import type { CloudPlace } from "../model/cloud.js";
import { decodeText } from "../model/json.js";

type Text = CloudPlace["board"]["text"];

/** A direct method that was called: its name, and what the answer must be called. */
export interface Method {
	readonly name: string;
	readonly rid: string;
}

const METHODS = "$iothub/methods/POST/";
const RID = "$rid=";
const RID_LENGTH_MAX = 64;
const QUOTE = 0x22;

/** The request identifier in the topic of a response or a method; undefined when there is none that can be sent back. */
export function ridOf(topic: string): string | undefined {
	const at = topic.indexOf(RID);
	if (at < 0) return undefined;
	const rest = topic.slice(at + RID.length);
	const end = rest.indexOf("&");
	const rid = end < 0 ? rest : rest.slice(0, end);
	const isFine =
		rid !== "" && rid.length <= RID_LENGTH_MAX && !rid.includes("/") && !rid.includes("+") && !rid.includes("#");
	return isFine ? rid : undefined;
}

/** What `$iothub/methods/POST/{name}/?$rid={rid}` calls. */
export function methodOf(topic: string): Method | undefined {
	const end = topic.indexOf("/", METHODS.length);
	const rid = ridOf(topic);
	return end < 0 || rid === undefined ? undefined : { name: topic.slice(METHODS.length, end), rid };
}

/** Which of our topics a method is for, and the message that belongs there; undefined for no method of ours. */
export function commandOf(
	name: string,
	payload: Uint8Array,
	text: Text,
): { readonly topic: string; readonly payload: Uint8Array } | undefined {
	if (name === "command") return { topic: "command", payload: unquoted(payload) };
	if (name === "update") return { topic: "update", payload: unquoted(payload) };
	if (name === "set") return { topic: "command", payload: around('{"set":', payload, "}", text) };
	if (name !== "restart" && name !== "identify" && name !== "report") return undefined;
	return { topic: "command", payload: text.encode(`{"do":"${name}"}`) };
}

/** The topic of ours that a message to the device is for, by its property `topic`: a command unless it says otherwise. */
export function targetOf(topic: string, begins: string): string | undefined {
	if (!topic.startsWith(begins)) return undefined;
	for (const property of topic.slice(begins.length).split("&")) {
		if (!property.startsWith("topic=")) continue;
		const target = property.slice("topic=".length).split("%2F").join("/").split("%2f").join("/");
		const isOurs = target === "command" || target === "update" || target === "update/block" || target.endsWith("/set");
		return isOurs ? target : undefined;
	}
	return "command";
}

/** The topic at the hub for what we call `topic`; what it is goes into the properties behind it. */
export function hubTopic(id: string, topic: string, contentType: string | undefined): string {
	const type = contentType === undefined ? "" : `&$.ct=${encodeURIComponent(contentType)}&$.ce=utf-8`;
	return `devices/${id}/messages/events/topic=${encodeURIComponent(topic)}${type}`;
}

/** What a method carries has to be JSON; a signed command or order is none, and comes as a text in quotation marks. */
function unquoted(payload: Uint8Array): Uint8Array {
	const last = payload.length - 1;
	return last > 0 && payload[0] === QUOTE && payload[last] === QUOTE ? payload.subarray(1, last) : payload;
}

function around(before: string, payload: Uint8Array, after: string, text: Text): Uint8Array {
	try {
		return text.encode(before + decodeText(text, payload, 0, payload.length) + after);
	} catch {
		return payload; // not UTF-8: refused as what it is
	}
}
