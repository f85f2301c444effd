import type { Text } from "../ports/text.js";
import { aliasOf, BODY_AT, bodyAtOf, bodyStart, idAtOf, isRepeated, SIZE, sizeOf } from "./head.js";
import { KeptHeads } from "./kept-heads.js";
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
export class Prepared extends KeptHeads {
	readonly text: Text;
	/** Largest packet that the server takes, in bytes. */
	most = Number.POSITIVE_INFINITY;
	private version: 4 | 5 = 5;

	/** Packets are made in `into`, the beginning of a session's memory. */
	constructor(into: Uint8Array, memory: Uint8Array, text: Text) {
		super(into, memory);
		this.text = text;
	}

	/** A new connection, to a server that takes packets of `most` bytes, and so many aliases. */
	begin(version: 4 | 5, most: number, aliasesMax: number): void {
		this.version = version;
		this.most = most;
		this.aliases.begin(aliasesMax);
		this.aliased = aliasesMax > 0;
		this.forgetHeads();
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
		const same = this.lastTopic === topic && this.lastExtras === extras && (this.last & 15) === flags;
		if ((!same || this.aliased) && !this.find(flags, topic, extras))
			return this.makeAnew(flags, id, topic, payload, extras);
		const { into, last, lastAt } = this;
		const size = (last >> SIZE) & 0xff;
		this.memory.copyWithin(0, lastAt, lastAt + size);
		if (id > 0) {
			const idAt = idAtOf(last);
			into[idAt] = id >> 8;
			into[idAt + 1] = id & 0xff;
		}
		const written = typeof payload === "string" ? this.text.write(payload, into, size) : copy(payload, into, size);
		const count = size + written;
		const length = count - 3;
		if (written < 0 || ((last >> BODY_AT) & 7) !== 3 || length < 0x80 || length > 0x3fff)
			return this.finish(flags, id, topic, payload, extras, written);
		into[1] = (length & 0x7f) | 0x80;
		into[2] = length >> 7;
		return count > this.most ? -1 : count;
	}

	/** The last head is in its place, and `written` bytes of payload behind it: the length takes more or less room than usual. */
	private finish(
		flags: number,
		id: number,
		topic: string,
		payload: string | Uint8Array,
		extras: PublishExtras | undefined,
		written: number,
	): number {
		const { into, last } = this;
		const bodyAt = bodyAtOf(last);
		const rest = sizeOf(last) - bodyAt;
		const length = rest + written;
		const to = 1 + varintSize(length);
		const count = to + length;
		const alias = aliasOf(last);
		// What just does not fit may do so with a shorter length before it.
		if (written < 0 || count > into.length)
			return this.write(flags, id, alias > 0 ? "" : topic, payload, extras, alias);
		if (to !== bodyAt) {
			into.copyWithin(to, bodyAt, bodyAt + length);
			// Messages of one kind are about as long each time.
			this.keepHead(flags, topic, extras, alias, to, rest);
		}
		writeVarint(into, 1, length);
		return count > this.most ? -1 : count;
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
			this.swap();
			this.keepHead(flags, topic, extras, alias, bodyStart(into), rest);
		}
		return count;
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
