import type { Text } from "../ports/text.js";
import {
	MESSAGE_EXPIRY,
	PAYLOAD_FORMAT,
	propertyRule,
	SUBSCRIPTION_ID,
	TOPIC_ALIAS,
	USER_PROPERTY,
	valueKind,
} from "./property-rules.js";
import { skipValue } from "./property-values.js";
import { readVarint } from "./varint.js";

/** Made once, when the module is preloaded; never written. */
export const NOTHING: Uint8Array = new Uint8Array(0);

/** Most user properties of one packet that are offered, and most bytes of them; what is more is checked and left out. */
const USER_PROPERTIES_MAX = 16;
const USER_PROPERTY_BYTES_MAX = 1_024;

/**
 * The properties of the packet that a shape has read, as a part of it: looked up in its bytes when they are asked for, since most packets
 * have none and most of what the others have is not asked for. All have been checked before.
 */
export abstract class LentProperties {
	/** What they lie in. */
	bytes: Uint8Array = NOTHING;
	/** There are none, as with most messages: worth looking at first, since on XS calls take the time. */
	isBare = true;
	private propertiesAt = 0;
	private propertiesEnd = 0;

	/** Takes over those that lie from `start` to before `end`; none where that is the same. */
	lend(start: number, end: number): void {
		this.propertiesAt = start;
		this.propertiesEnd = end;
		this.isBare = start === end;
	}

	/** The payload says of itself that it is UTF-8 (MQTT 5 §3.3.2.3.2). */
	get isText(): boolean {
		const at = this.find(PAYLOAD_FORMAT);
		return at >= 0 && this.bytes[at] === 1;
	}

	/** Seconds that the message is still worth something, -1 when it does not say. */
	get expiryS(): number {
		const at = this.find(MESSAGE_EXPIRY);
		return at < 0 ? -1 : word(this.bytes, at) * 0x1_0000 + word(this.bytes, at + 2);
	}

	/** The first Subscription Identifier, 0 for none. */
	get subscriptionId(): number {
		const at = this.find(SUBSCRIPTION_ID);
		return at < 0 ? 0 : readVarint(this.bytes, at, this.propertiesEnd);
	}

	/** 0 for none. */
	get topicAlias(): number {
		const at = this.find(TOPIC_ALIAS);
		return at < 0 ? 0 : word(this.bytes, at);
	}

	/** The value of property `id`, which is text, or undefined when it is not there. */
	text(id: number, text: Text): string | undefined {
		const at = this.find(id);
		const { bytes } = this;
		return at < 0 ? undefined : text.decode(bytes, at + 2, at + 2 + word(bytes, at));
	}

	/** The value of property `id`, which is Binary Data, or undefined when it is not there. Lent like the packet. */
	data(id: number): Uint8Array | undefined {
		const at = this.find(id);
		const { bytes } = this;
		return at < 0 ? undefined : bytes.subarray(at + 2, at + 2 + word(bytes, at));
	}

	/** User properties that are offered. */
	get userCount(): number {
		let count = 0;
		let size = 0;
		for (let at = this.find(USER_PROPERTY); at >= 0 && count < USER_PROPERTIES_MAX; count++) {
			const end = this.skip(USER_PROPERTY, at);
			size += end - at;
			if (size > USER_PROPERTY_BYTES_MAX) break;
			at = this.find(USER_PROPERTY, end);
		}
		return count;
	}

	/** Where the user property `index`, one of those offered, begins: with the length of its name. */
	userAt(index: number): number {
		let at = this.find(USER_PROPERTY);
		for (let left = index; left > 0; left--) at = this.find(USER_PROPERTY, this.skip(USER_PROPERTY, at));
		return at;
	}

	/** Where the value of the next property `id` begins, -1 when there is none. */
	private find(id: number, from = this.propertiesAt): number {
		let at = from;
		while (at < this.propertiesEnd) {
			const found = this.bytes[at++] as number;
			if (found === id) return at;
			at = this.skip(found, at);
		}
		return -1;
	}

	/** Where the value of property `id` that begins at `at` ends. */
	private skip(id: number, at: number): number {
		return skipValue(valueKind(propertyRule(id)), this.bytes, at, this.propertiesEnd);
	}
}

/** The Two Byte Integer (MQTT 5 §1.5.2) at `at`. */
export function word(bytes: Uint8Array, at: number): number {
	return (bytes[at] as number) * 0x100 + (bytes[at + 1] as number);
}
