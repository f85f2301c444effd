import type { Text } from "../ports/text.js";
import { type Fault, malformed, PAYLOAD_FORMAT_INVALID, protocolError } from "./fault.js";
import { NOTHING } from "./lent-properties.js";
import { CONTENT_TYPE, CORRELATION_DATA, RESPONSE_TOPIC } from "./property-rules.js";
import type { Shape } from "./shape.js";
import { isTopicName } from "./topics.js";
import type { Message } from "./types.js";
import { LentUserProperties } from "./user-properties.js";
import { isMqttUtf8, isUtf8 } from "./utf8.js";

/**
 * The one message object of a session, used again for every PUBLISH that arrives. Beside its topic and payload it keeps
 * nothing of a message: what else is asked for is read from the packet, as long as that is there.
 */
export class Inbound implements Message {
	topic = "";
	payload: Uint8Array = NOTHING;
	/** How many bytes `topic` takes, where it has been read as plain ASCII; -1 where not. */
	private plainBytes = -1;
	private shape: Shape | undefined = undefined;
	private text: Text | undefined = undefined;
	private lent: LentUserProperties | undefined = undefined;
	/** The topics that the server has given numbers, on this connection; alias 1 comes first. */
	private readonly aliases: (string | undefined)[] | undefined;

	/** @param topicAliasMax the highest topic alias that our CONNECT allows. */
	constructor(topicAliasMax = 0) {
		this.aliases = topicAliasMax === 0 ? undefined : new Array<string | undefined>(topicAliasMax).fill(undefined);
	}

	get qos(): 0 | 1 | 2 {
		return ((this.flags >> 1) & 3) as 0 | 1 | 2;
	}

	get retain(): boolean {
		return ((this.shape?.flags ?? 0) & 1) !== 0;
	}

	get duplicate(): boolean {
		return (this.flags & 8) !== 0;
	}

	get isText(): boolean {
		return this.shape?.isText === true;
	}

	get messageExpiryS(): number | undefined {
		const expiryS = this.shape?.expiryS ?? -1;
		return expiryS < 0 ? undefined : expiryS;
	}

	get subscriptionId(): number | undefined {
		return this.shape?.subscriptionId || undefined;
	}

	get contentType(): string | undefined {
		return this.textOf(CONTENT_TYPE);
	}

	get responseTopic(): string | undefined {
		return this.textOf(RESPONSE_TOPIC);
	}

	get correlationData(): Uint8Array | undefined {
		return this.shape?.data(CORRELATION_DATA);
	}

	get userProperties(): LentUserProperties | undefined {
		const { shape, text } = this;
		if (shape !== undefined && text !== undefined) this.lent ??= new LentUserProperties(shape, text);
		return this.lent;
	}

	/**
	 * The reason code to answer with instead of handing the message over, 0 when it is good. The sender, which is not the
	 * server, broke a promise about the payload: no reason to leave the server (MQTT 5 §3.3.2.3.2, §4.13.2).
	 */
	get refusal(): number {
		const { shape } = this;
		if (shape === undefined || shape.isBare || !shape.isText) return 0;
		return isUtf8(shape.bytes, shape.bodyAt, shape.end) ? 0 : PAYLOAD_FORMAT_INVALID;
	}

	/** Takes over a PUBLISH that `shape` has read. Returns what is wrong with its topic, or undefined. */
	read(shape: Shape, text: Text): Fault | undefined {
		const fault = this.readTopic(shape, text);
		if (fault !== undefined) return fault;
		this.payload = shape.bytes.subarray(shape.bodyAt, shape.end);
		this.shape = shape;
		this.text = text;
		return undefined;
	}

	/** A new connection: the aliases of the last mean nothing on it [MQTT-3.3.2-7]. */
	forgetAliases(): void {
		this.aliases?.fill(undefined);
	}

	/** Lets go of the bytes, which belong to the platform. */
	release(): void {
		this.payload = NOTHING;
		this.shape = undefined;
		this.lent?.release();
		this.lent = undefined;
	}

	private get flags(): number {
		return this.shape?.flags ?? 0;
	}

	private textOf(property: number): string | undefined {
		const { shape, text } = this;
		return shape === undefined || shape.isBare || text === undefined ? undefined : shape.text(property, text);
	}

	/** §3.3.4: a topic of its own, which its alias then stands for, or that of its alias. */
	private readTopic(shape: Shape, text: Text): Fault | undefined {
		const { topicAt, topicEnd } = shape;
		const alias = shape.isBare ? 0 : shape.topicAlias;
		const topic =
			topicAt === topicEnd ? this.aliases?.[alias - 1] : this.decodeTopic(text, shape.bytes, topicAt, topicEnd);
		if (topic === undefined)
			return topicAt === topicEnd
				? protocolError(`it used topic alias ${alias} before it said what that stands for`)
				: malformed("the topic of a PUBLISH is not UTF-8");
		if (topic !== this.topic) {
			if (!isTopicName(topic)) return protocolError("it sent a PUBLISH to a topic with a wildcard"); // [MQTT-3.3.2-2]
			this.topic = topic;
			this.plainBytes = topic.length === topicEnd - topicAt ? topic.length : -1;
		}
		if (alias > 0 && this.aliases !== undefined) this.aliases[alias - 1] = topic;
		return undefined;
	}

	/**
	 * A UTF-8 Encoded String, or undefined when it is none (MQTT 5 §1.5.4). As many characters as bytes means plain ASCII;
	 * only else is it worth looking at every byte, for what the engine's own decoder lets pass. The topic of the message
	 * before, which most are, has been looked at.
	 */
	private decodeTopic(text: Text, bytes: Uint8Array, at: number, end: number): string | undefined {
		const decoded = decodeText(text, bytes, at, end);
		if (decoded === undefined || (end - at === this.plainBytes && decoded === this.topic)) return decoded;
		const plain = decoded.length === end - at && !decoded.includes("\0");
		return plain || isMqttUtf8(bytes, at, end) ? decoded : undefined;
	}
}

function decodeText(text: Text, bytes: Uint8Array, at: number, end: number): string | undefined {
	try {
		return text.decode(bytes, at, end);
	} catch {
		return undefined;
	}
}
