import type { Text } from "../ports/text.js";
import type { Encoding, JsonValue } from "./document.js";
import { readJson } from "./json.js";
import { readMessagePack } from "./message-pack-reader.js";
import { MessagePackWriter } from "./message-pack-writer.js";

const GROWTH = 3; // `0.1,` are 4 bytes of JSON and 9 of MessagePack; nothing else grows as much
const HEADS = 8;
const OWN_NODES_MAX = 1_000; // `health` names every sensor that does not answer

/** UTF-8 without a board's help, which is not there yet when a device is defined. */
const NAME_TEXT: Pick<Text, "write"> = Object.freeze({
	write(text: string, into: Uint8Array, at: number) {
		const escaped = encodeURIComponent(text);
		let end = at;
		for (let i = 0; i < escaped.length; i++) {
			const isByte = escaped[i] === "%";
			into[end++] = isByte ? Number.parseInt(escaped.slice(i + 1, i + 3), 16) : escaped.charCodeAt(i);
			if (isByte) i += 2;
		}
		return end > into.length ? -1 : end - at;
	},
});

/**
 * MessagePack: shorter than JSON, and exact. A device that is not set to it has nothing of it in its image. The media
 * type is the one registered with IANA.
 */
export const messagePack: Encoding = Object.freeze<Encoding>({
	id: "msgpack",
	contentType: "application/vnd.msgpack",
	writer: (room, text) => new MessagePackWriter(room, text),
	name(name) {
		const writer = new MessagePackWriter(GROWTH * name.length + HEADS, NAME_TEXT);
		writer.text(name);
		return writer.written();
	},
	payload(own, text) {
		const bytes = text.encode(own);
		const writer = new MessagePackWriter(GROWTH * bytes.length + HEADS, text);
		write(writer, readJson(bytes, text, OWN_NODES_MAX));
		return writer.written();
	},
	read: readMessagePack,
});

function write(writer: MessagePackWriter, value: JsonValue): void {
	if (value === null) writer.nothing();
	else if (typeof value === "string") writer.text(value);
	else if (typeof value === "number") writer.exact(value);
	else if (typeof value === "boolean") writer.boolean(value);
	else if (value instanceof Map) writeMembers(writer, value);
	else {
		writer.items(value.length);
		for (const item of value) write(writer, item);
	}
}

function writeMembers(writer: MessagePackWriter, members: Map<string, JsonValue>): void {
	writer.object(members.size);
	for (const [name, value] of members) {
		writer.text(name);
		write(writer, value);
	}
}
