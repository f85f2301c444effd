import { Aliases } from "./aliases.js";
import { aliasOf, flagsOf, HEAD_BYTES_MAX, headOf, NO_HEAD } from "./head.js";
import { headsAt } from "./memory.js";
import type { PublishExtras } from "./types.js";

/** The heads of the two kinds of message that were sent last, in a session's memory, and the aliases of their topics. */
export abstract class KeptHeads {
	/** The server takes aliases. */
	aliased = false;
	/** The head that was used last: what it begins, what there is to know of it, and where in `memory` it lies. */
	protected lastTopic = "";
	protected lastExtras: PublishExtras | undefined = undefined;
	protected last = NO_HEAD;
	protected lastAt: number;
	protected readonly into: Uint8Array;
	protected readonly memory: Uint8Array;
	private otherTopic = "";
	private otherExtras: PublishExtras | undefined = undefined;
	private other = NO_HEAD;
	readonly aliases: Aliases = new Aliases();

	/** Packets are made in `into`, the beginning of `memory`. */
	constructor(into: Uint8Array, memory: Uint8Array) {
		this.into = into;
		this.memory = memory;
		this.lastAt = headsAt(into.length);
	}

	/** There are none: they belong to a version and its connection. */
	protected forgetHeads(): void {
		this.last = NO_HEAD;
		this.other = NO_HEAD;
	}

	/** Makes the head for messages of this kind the last; false when there is none. */
	protected find(flags: number, topic: string, extras: PublishExtras | undefined): boolean {
		const { aliases } = this;
		if (this.aliased) aliases.look(topic);
		const alias = aliases.known ? aliases.alias : 0;
		if (aliases.alias !== alias) return false; // the server is to learn an alias
		const { last, other } = this;
		if (this.lastTopic === topic && this.lastExtras === extras && flagsOf(last) === flags && aliasOf(last) === alias)
			return true;
		if (this.otherTopic !== topic || this.otherExtras !== extras || flagsOf(other) !== flags) return false;
		if (aliasOf(other) !== alias) return false;
		this.swap();
		return true;
	}

	/** The other head is the last one used now. */
	protected swap(): void {
		const { last, lastTopic, lastExtras } = this;
		this.last = this.other;
		this.lastTopic = this.otherTopic;
		this.lastExtras = this.otherExtras;
		this.other = last;
		this.otherTopic = lastTopic;
		this.otherExtras = lastExtras;
		this.lastAt = 2 * headsAt(this.into.length) + HEAD_BYTES_MAX - this.lastAt;
	}

	/** The head of the packet in `into`, whose body begins at `bodyAt` with `rest` bytes before the payload, takes the place of the last. */
	protected keepHead(
		flags: number,
		topic: string,
		extras: PublishExtras | undefined,
		alias: number,
		bodyAt: number,
		rest: number,
	): void {
		const { into, lastAt } = this;
		const size = bodyAt + rest;
		this.last = NO_HEAD;
		if (size > HEAD_BYTES_MAX) return;
		into[0] = 0x30 | flags;
		this.memory.copyWithin(lastAt, 0, size);
		const topicBytes = (into[bodyAt] as number) * 0x100 + (into[bodyAt + 1] as number);
		this.last = headOf(flags, bodyAt + 2 + topicBytes, size, bodyAt, alias);
		this.lastTopic = topic;
		this.lastExtras = extras;
	}
}
