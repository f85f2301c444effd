import type { JsonValue } from "../model/document.js";
import { readJson } from "../model/json.js";
import { readHttpsUrl } from "../net/https-url.js";
import type { Text } from "../ports/text.js";
import { Refused } from "../security/refused.js";

/** What an owner asks of the updater. */
export type Order =
	| { readonly kind: "install"; readonly manifest: string; readonly url: string }
	| { readonly kind: "cancel" }
	/** A report of our own, come back. */
	| { readonly kind: "none" };

/** JSON begins with an ASCII character. An order is always JSON; a report comes back in the device's own encoding. */
const BEYOND_JSON = 0x80;

/** Whether firmware can be fetched from this address. */
export function isFetchable(url: string): boolean {
	return readHttpsUrl(url) !== undefined;
}

/**
 * Reads a message on `update`, or what was signed in it. Throws, with a plain sentence, for what is neither an order nor a
 * report.
 */
export function readOrder(content: Uint8Array | Map<string, JsonValue>, text: Text): Order {
	if (content instanceof Map) return orderOf(content);
	if ((content[0] ?? 0) >= BEYOND_JSON) return { kind: "none" };
	const members = readJson(content, text);
	if (!(members instanceof Map)) throw new Refused("an order is a JSON object");
	return members.has("state") ? { kind: "none" } : orderOf(members);
}

function orderOf(members: Map<string, JsonValue>): Order {
	if (members.get("do") === "cancel" && members.size === 1) return { kind: "cancel" };
	return installOf(members);
}

function installOf(members: Map<string, JsonValue>): Order {
	const manifest = members.get("manifest");
	const url = members.get("url") ?? "";
	const isExpected = members.size === (members.has("url") ? 2 : 1);
	if (!isExpected || typeof manifest !== "string" || typeof url !== "string")
		throw new Refused('an order has a manifest, perhaps a url, and nothing else, or is {"do":"cancel"}');
	if (url !== "" && !isFetchable(url))
		throw new Refused("the url is none such as https://host:8443/file, of at most 200 characters");
	return { kind: "install", manifest, url };
}
