import type { Text } from "../ports/text.js";
import type { Aliases } from "./aliases.js";
import { bodyStart, type Head, isOf, isRepeated, NO_HEAD } from "./head.js";
import { writePublish } from "./publish-writer.js";
import { isTopicName } from "./topics.js";
import type { PublishExtras } from "./types.js";
import { varintSize, writeVarint } from "./varint.js";

/** Instead of a count: the topic is not one that can be published to. */
export const NOT_A_TOPIC = -2;

/** By so much a head may come to grow, when a longer length goes into it. */
const SPARE_BYTES = 3;

/**
 * Makes PUBLISH packets, byte for byte like `writePublish`, within the limits of the server and with its aliases, from
 * heads that are kept for the two kinds of message that were sent last. A device sends the same few kinds again and again;
 * checking a topic and turning it into UTF-8 costs more than all the rest of a message but its payload.
 */
export class Prepared {
	/** The server takes aliases. */
	aliased = false;
	private last: Head = NO_HEAD;
	private readonly into: Uint8Array;
	private readonly text: Text;
	/** Largest packet that the server takes, in bytes. */
	private most = Number.POSITIVE_INFINITY;
	private other: Head = NO_HEAD;
	private version: 4 | 5 = 5;
	private readonly aliases: Aliases;

	/** Packets are made in `into`, from its start. */
	constructor(into: Uint8Array, text: Text, aliases: Aliases) {
		this.into = into;
		this.text = text;
		this.aliases = aliases;
	}

	/** A new connection, to a server that takes packets of `most` bytes, and so many aliases. */
	begin(version: 4 | 5, most: number, aliasesMax: number): void {
		this.version = version;
		this.most = most;
		this.aliases.begin(aliasesMax);
		this.aliased = aliasesMax > 0;
		this.last = NO_HEAD;
		this.other = NO_HEAD;
	}

	/**
	 * Makes one packet. A single function as long as nothing is out of the ordinary, because on XS calls take the time.
	 * @param flags DUP, QoS and RETAIN, as in the first byte.
	 * @param id packet identifier, 0 for QoS 0.
	 * @returns the number of bytes; -1 when they are more than can be sent; NOT_A_TOPIC.
	 */
	make(
		flags: number,
		id: number,
		topic: string,
		payload: string | Uint8Array,
		extras: PublishExtras | undefined,
	): number {
		let head: Head | undefined = this.last;
		if (head.topic !== topic || head.extras !== extras || head.flags !== flags || this.aliased) {
			head = this.find(flags, topic, extras);
			if (head === undefined) return this.makeAnew(flags, id, topic, payload, extras);
		}
		const into = this.into;
		const size = head.size;
		into.set(head.bytes);
		if (id > 0) {
			into[head.idAt] = id >> 8;
			into[head.idAt + 1] = id & 0xff;
		}
		const written = typeof payload === "string" ? this.text.write(payload, into, size) : copy(payload, into, size);
		const length = head.rest + written;
		const count = size + written;
		if (written < 0 || count - length !== 3 || length < 0x80 || length > 0x3fff)
			return this.finish(head, id, payload, written);
		into[1] = (length & 0x7f) | 0x80;
		into[2] = length >> 7;
		return count > this.most ? -1 : count;
	}

	/** The head is in its place, and `written` bytes of payload behind it: the length takes more or less room than usual. */
	private finish(head: Head, id: number, payload: string | Uint8Array, written: number): number {
		const { into } = this;
		const length = head.rest + written;
		const bodyAt = head.size - head.rest;
		const to = 1 + varintSize(length);
		const count = to + length;
		// What just does not fit may do so with a shorter length before it.
		if (written < 0 || count > into.length)
			return this.write(head.flags, id, head.alias > 0 ? "" : head.topic, payload, head.extras, head.alias);
		if (to !== bodyAt) {
			into.copyWithin(to, bodyAt, bodyAt + length);
			// Messages of one kind are about as long each time.
			this.last = this.headOf(head.flags, head.topic, head.extras, head.alias, to, head.rest);
		}
		writeVarint(into, 1, length);
		return count > this.most ? -1 : count;
	}

	/** The head for messages of this kind, which then is the last; undefined when there is none. */
	private find(flags: number, topic: string, extras: PublishExtras | undefined): Head | undefined {
		const { aliases, last, other } = this;
		if (this.aliased) aliases.look(topic);
		const alias = aliases.known ? aliases.alias : 0;
		if (aliases.alias !== alias) return undefined; // the server is to learn an alias
		if (isOf(last, flags, topic, extras, alias)) return last;
		if (!isOf(other, flags, topic, extras, alias)) return undefined;
		this.other = last;
		this.last = other;
		return other;
	}

	private makeAnew(
		flags: number,
		id: number,
		topic: string,
		payload: string | Uint8Array,
		extras: PublishExtras | undefined,
	): number {
		const { aliases, into } = this;
		const { alias, known } = aliases;
		if (!isTopicName(topic)) return NOT_A_TOPIC;
		const name = known ? "" : topic;
		// A packet without payload tells what there is of the rest. Where an alias goes with its topic it does so once.
		const isKept = (known || alias === 0) && isRepeated(extras);
		const empty = isKept ? this.write(flags, id, name, "", extras, alias) : -1;
		const rest = empty - bodyStart(into);
		const count = this.write(flags, id, name, payload, extras, alias);
		if (count < 0 && !known && alias > 0) {
			aliases.none(); // an alias takes three bytes the first time
			return this.write(flags, id, topic, payload, extras, 0);
		}
		if (count >= 0 && empty > 0 && count + SPARE_BYTES <= into.length) {
			this.other = this.last;
			this.last = this.headOf(flags, topic, extras, alias, bodyStart(into), rest);
		}
		return count;
	}

	/** The head of the packet in `into`, whose body begins at `bodyAt` with `rest` bytes before the payload. */
	private headOf(
		flags: number,
		topic: string,
		extras: PublishExtras | undefined,
		alias: number,
		bodyAt: number,
		rest: number,
	): Head {
		const { into } = this;
		into[0] = 0x30 | flags;
		const size = bodyAt + rest;
		const topicBytes = (into[bodyAt] as number) * 0x100 + (into[bodyAt + 1] as number);
		return { topic, extras, flags, bytes: into.slice(0, size), size, rest, idAt: bodyAt + 2 + topicBytes, alias };
	}

	private write(
		flags: number,
		id: number,
		topic: string,
		payload: string | Uint8Array,
		extras: PublishExtras | undefined,
		alias: number,
	): number {
		const count = writePublish(this.into, this.text, this.version, flags, id, topic, payload, extras, alias);
		return count > this.most ? -1 : count;
	}
}

/** Returns how many bytes that was, or -1 when they do not fit. */
function copy(payload: Uint8Array, into: Uint8Array, at: number): number {
	if (at + payload.length > into.length) return -1;
	into.set(payload, at);
	return payload.length;
}
