import {
	CONTENT_TYPE,
	CORRELATION_DATA,
	MESSAGE_EXPIRY,
	PAYLOAD_FORMAT,
	REASON_STRING,
	RESPONSE_TOPIC,
	SUBSCRIPTION_ID,
	TOPIC_ALIAS,
	USER_PROPERTY,
} from "./property-rules.js";
import { readVarint } from "./varint.js";

/** Most user properties of one packet that are offered, and most bytes of them; what is more is checked and left out. */
const USER_PROPERTIES_MAX = 16;
const USER_PROPERTY_BYTES_MAX = 1_024;

/**
 * What the properties of one packet say: as a number, or as where in the packet's bytes it lies, without its length. An
 * end of 0 means that it is not there. Used again for every packet; nothing here takes memory while packets come.
 */
export class PropertyNotes {
	/** The payload says of itself that it is UTF-8 (MQTT 5 §3.3.2.3.2). */
	isText = false;
	/** Seconds that the message is still worth something, -1 when it does not say. */
	expiryS = -1;
	/** The first Subscription Identifier, 0 for none. */
	subscriptionId = 0;
	/** 0 for none. */
	topicAlias = 0;
	contentAt = 0;
	contentEnd = 0;
	responseAt = 0;
	responseEnd = 0;
	correlationAt = 0;
	correlationEnd = 0;
	reasonAt = 0;
	reasonEnd = 0;
	/** User properties that are offered, and where the first begins: with the length of its name. */
	userCount = 0;
	userAt = 0;
	private userBytes = 0;
	private isClear = true;

	/** Forgets the packet before. */
	clear(): void {
		if (this.isClear) return;
		this.isText = false;
		this.expiryS = -1;
		this.subscriptionId = 0;
		this.topicAlias = 0;
		this.contentEnd = 0;
		this.responseEnd = 0;
		this.correlationEnd = 0;
		this.reasonEnd = 0;
		this.userCount = 0;
		this.userBytes = 0;
		this.isClear = true;
	}

	/** Notes property `id`, whose value is `bytes[at..end)` and has been checked. */
	note(id: number, bytes: Uint8Array, at: number, end: number): void {
		this.isClear = false;
		switch (id) {
			case PAYLOAD_FORMAT:
				this.isText = bytes[at] === 1;
				break;
			case MESSAGE_EXPIRY:
				this.expiryS = word(bytes, at) * 0x1_0000 + word(bytes, at + 2);
				break;
			case SUBSCRIPTION_ID:
				if (this.subscriptionId === 0) this.subscriptionId = readVarint(bytes, at, end);
				break;
			case TOPIC_ALIAS:
				this.topicAlias = word(bytes, at);
				break;
			case USER_PROPERTY:
				this.noteUser(at, end);
				break;
			default:
				this.noteSized(id, at + 2, end);
		}
	}

	private noteSized(id: number, at: number, end: number): void {
		switch (id) {
			case CONTENT_TYPE:
				this.contentAt = at;
				this.contentEnd = end;
				break;
			case RESPONSE_TOPIC:
				this.responseAt = at;
				this.responseEnd = end;
				break;
			case CORRELATION_DATA:
				this.correlationAt = at;
				this.correlationEnd = end;
				break;
			case REASON_STRING:
				this.reasonAt = at;
				this.reasonEnd = end;
		}
	}

	private noteUser(at: number, end: number): void {
		this.userBytes += end - at;
		if (this.userCount === USER_PROPERTIES_MAX || this.userBytes > USER_PROPERTY_BYTES_MAX) return;
		if (this.userCount++ === 0) this.userAt = at;
	}
}

/** The Two Byte Integer (MQTT 5 §1.5.2) at `at`. */
export function word(bytes: Uint8Array, at: number): number {
	return (bytes[at] as number) * 0x100 + (bytes[at + 1] as number);
}
