import type { JsonValue } from "../model/document.js";
import { readJson } from "../model/json.js";
import type { UpdateHost } from "../model/updates.js";
import { readHttpsUrl } from "../net/https-url.js";
import type { Text } from "../ports/text.js";
import { Refused } from "../security/refused.js";

/** What an owner asks of the updater. */
export type Order =
	| { readonly kind: "install"; readonly manifest: string; readonly url: string }
	| { readonly kind: "cancel" }
	/** A report of our own, come back. */
	| { readonly kind: "none" };

/** What an order comes upon. */
export interface OrderMoment {
	/** It was left at the broker: it is not for this moment. */
	readonly retain: boolean;
	/** A release has been installed, and is to prove itself. */
	readonly isProving: boolean;
	/** No update is under way, and of none it is still to be told how it ended. */
	readonly isIdle: boolean;
}

const NONE: Order = Object.freeze<Order>({ kind: "none" });

/** JSON begins with an ASCII character. An order is always JSON; a report comes back in the device's own encoding. */
const BEYOND_JSON = 0x80;

/** Whether firmware can be fetched from this address. */
export function isFetchable(url: string): boolean {
	return readHttpsUrl(url) !== undefined;
}

/** The order in a message on `update`, when it may be carried out now. Throws, with a plain sentence, why not. */
export function takeOrder(payload: Uint8Array, host: UpdateHost, { retain, isProving, isIdle }: OrderMoment): Order {
	const received = host.received(payload);
	const order = readOrder(received.content, host.board.text);
	if (order.kind === "none") return NONE;
	if (retain) throw new Refused("retained orders are never carried out: publish without the retain flag");
	if (isProving) throw new Refused("another release is about to prove itself: try again in some minutes");
	if (received.admit()) return order;
	// While it is carried out it is only delivered twice; later, who sends it is to hear that it does nothing.
	if (isIdle) throw new Refused("it was here before: order it anew");
	return NONE;
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
