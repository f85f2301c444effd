import { createHash, randomBytes } from "node:crypto";
import type { Segments } from "../../firmware/ports/segments.js";
import { ITEMS_MAX, SETTINGS_ITEM } from "../../firmware/security/settings-items.js";
import {
	readStoredSettings,
	SETTINGS_HEAD_BYTES,
	SETTINGS_MAGIC,
	SETTINGS_VERSION,
} from "../../firmware/security/stored-settings.js";
import { nodeCrypto } from "../board/crypto.js";
import { pcText } from "../board/text.js";
import type { BuildBroker, BuildSettings } from "../build/settings.js";
import { BuildError } from "../build/settings.js";

const ERASED = 0xff;
const MARK_BYTES = 8;

type Item = keyof typeof SETTINGS_ITEM;

/**
 * Settings as a board takes them: a whole partition of `room` bytes, so that nothing of older ones is left behind them.
 * Read once more by the board's own reader before they are handed out. Throws a BuildError when they do not fit.
 */
export function settingsImage(settings: BuildSettings, room: number): Buffer {
	const { items, count } = itemsOf(settings);
	const head = Buffer.alloc(SETTINGS_HEAD_BYTES);
	head.set([...SETTINGS_MAGIC, SETTINGS_VERSION]);
	head.writeUInt32BE(items.length, 4);
	createHash("sha256").update(items).digest().copy(head, 8);
	const used = head.length + items.length;
	if (used > room || count > ITEMS_MAX)
		throw new BuildError(
			`The settings take ${used} bytes and ${count} items, and a board has room for ${room} and ${ITEMS_MAX}: leave out certificates or brokers.`,
		);
	const image = Buffer.concat([head, items, Buffer.alloc(room - used, ERASED)]);
	readStoredSettings(inMemory(image), { crypto: nodeCrypto, text: pcText });
	return image;
}

/** An image as the flash that it is going to be. */
export function inMemory(image: Uint8Array): Segments {
	const never = (): never => {
		throw new Error("an image is not written to");
	};
	return {
		count: 1,
		bytes: image.length,
		read: (_, at, into) => into.set(image.subarray(at, at + into.length)),
		write: never,
		erase: never,
	};
}

function itemsOf(settings: BuildSettings): { readonly items: Buffer; readonly count: number } {
	const { id, root, timeServer, otherTimeServers = [], wifi = [], keys = [], broker, otherBrokers = [] } = settings;
	const list = new ItemList();
	list.put("mark", randomBytes(MARK_BYTES));
	list.put("id", id);
	list.put("root", root);
	for (const server of [timeServer, ...otherTimeServers]) list.put("timeServer", server);
	for (const key of keys) list.put("key", key);
	for (const { ssid, password } of wifi) {
		list.put("ssid", ssid);
		list.put("wifiPassword", password);
	}
	for (const der of settings.roots) list.put("authority", der);
	if (settings.releaseRoots.length > 0) list.put("releaseRoots", Buffer.from(settings.releaseRoots));
	for (const one of [broker, ...otherBrokers]) putBroker(list, one, settings);
	return { items: Buffer.concat(list.parts), count: list.parts.length };
}

function putBroker(list: ItemList, broker: BuildBroker, { identities }: BuildSettings): void {
	const { host, port, username, password, webSocketPath, roots, pins = [], protocol, identity } = broker;
	list.put("host", host);
	list.put("port", Buffer.of(port >> 8, port & 0xff));
	list.put("user", username);
	list.put("password", password);
	list.put("webSocketPath", webSocketPath);
	if (roots === undefined) return;
	list.put("roots", Buffer.from(roots));
	for (const pin of pins) list.put("pin", Buffer.from(pin, "hex"));
	list.put("protocol", protocol);
	const own = identity === undefined ? undefined : identities[identity.number];
	for (const certificate of own?.certificates ?? []) list.put("certificate", certificate);
	list.put("privateKey", own?.key);
}

class ItemList {
	readonly parts: Buffer[] = [];

	/** What is undefined is left out. */
	put(item: Item, value: string | Uint8Array | undefined): void {
		if (value === undefined) return;
		const bytes = Buffer.from(value as Uint8Array);
		if (bytes.length > 0xffff)
			throw new BuildError(`The settings hold something of ${bytes.length} bytes: no board has room for it.`);
		this.parts.push(Buffer.concat([Buffer.of(SETTINGS_ITEM[item], bytes.length >> 8, bytes.length & 0xff), bytes]));
	}
}
