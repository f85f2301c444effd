import type { Text } from "../ports/text.js";
import { type Fault, malformed, PAYLOAD_FORMAT_INVALID, protocolError } from "./fault.js";
import { NOTHING, type Shape } from "./shape.js";
import { isTopicName } from "./topics.js";
import type { Message } from "./types.js";
import { LentUserProperties } from "./user-properties.js";
import { isMqttUtf8, isUtf8 } from "./utf8.js";

/** The one message object of a session, used again for every PUBLISH that arrives. */
export class Inbound implements Message {
	topic = "";
	payload: Uint8Array = NOTHING;
	qos: 0 | 1 | 2 = 0;
	retain = false;
	duplicate = false;
	responseTopic: string | undefined = undefined;
	correlationData: Uint8Array | undefined = undefined;
	isText = false;
	messageExpiryS: number | undefined = undefined;
	subscriptionId: number | undefined = undefined;
	readonly userProperties: LentUserProperties = new LentUserProperties();
	/**
	 * The reason code to answer with instead of handing the message over, 0 when it is good. The sender, which is not the
	 * server, broke a promise about the payload: no reason to leave the server (MQTT 5 §3.3.2.3.2, §4.13.2).
	 */
	refusal = 0;
	/** The topics that the server has given numbers, on this connection; alias 1 comes first. */
	private readonly aliases: (string | undefined)[];
	private text: Text | undefined = undefined;
	private bytes: Uint8Array = NOTHING;
	private contentAt = 0;
	private contentEnd = 0;

	/** @param topicAliasMax the highest topic alias that our CONNECT allows. */
	constructor(topicAliasMax = 0) {
		this.aliases = new Array<string | undefined>(topicAliasMax).fill(undefined);
	}

	/** Decoded when asked for; undefined when there is none. */
	get contentType(): string | undefined {
		return this.contentEnd > 0 ? this.text?.decode(this.bytes, this.contentAt, this.contentEnd) : undefined;
	}

	/** Takes over a PUBLISH that `shape` has read. Returns what is wrong with its topic, or undefined. */
	read(shape: Shape, text: Text): Fault | undefined {
		const fault = this.readTopic(shape, text);
		if (fault !== undefined) return fault;
		const { bytes, properties } = shape;
		this.payload = bytes.subarray(shape.bodyAt, shape.end);
		this.qos = ((shape.flags >> 1) & 3) as 0 | 1 | 2;
		this.retain = (shape.flags & 1) !== 0;
		this.duplicate = (shape.flags & 8) !== 0;
		this.isText = properties.isText;
		this.refusal = this.isText && !isUtf8(bytes, shape.bodyAt, shape.end) ? PAYLOAD_FORMAT_INVALID : 0;
		this.messageExpiryS = properties.expiryS < 0 ? undefined : properties.expiryS;
		this.subscriptionId = properties.subscriptionId || undefined;
		this.lend(shape, text);
		return undefined;
	}

	/** A new connection: the aliases of the last mean nothing on it [MQTT-3.3.2-7]. */
	forgetAliases(): void {
		this.aliases.fill(undefined);
	}

	/** Lets go of the bytes, which belong to the platform. */
	release(): void {
		this.payload = NOTHING;
		this.responseTopic = undefined;
		this.correlationData = undefined;
		this.bytes = NOTHING;
		this.contentEnd = 0;
		this.userProperties.release();
	}

	/** §3.3.4: a topic of its own, which its alias then stands for, or that of its alias. */
	private readTopic(shape: Shape, text: Text): Fault | undefined {
		const { topicAt, topicEnd } = shape;
		const alias = shape.properties.topicAlias;
		const topic = topicAt === topicEnd ? this.aliases[alias - 1] : decodeText(text, shape.bytes, topicAt, topicEnd);
		if (topic === undefined)
			return topicAt === topicEnd
				? protocolError(`it used topic alias ${alias} before it said what that stands for`)
				: malformed("the topic of a PUBLISH is not UTF-8");
		if (!isTopicName(topic)) return protocolError("it sent a PUBLISH to a topic with a wildcard"); // [MQTT-3.3.2-2]
		if (alias > 0) this.aliases[alias - 1] = topic;
		this.topic = topic;
		return undefined;
	}

	private lend({ bytes, properties }: Shape, text: Text): void {
		const { responseAt, responseEnd, correlationAt, correlationEnd } = properties;
		this.responseTopic = responseEnd > 0 ? text.decode(bytes, responseAt, responseEnd) : undefined;
		this.correlationData = correlationEnd > 0 ? bytes.subarray(correlationAt, correlationEnd) : undefined;
		this.text = text;
		this.bytes = bytes;
		this.contentAt = properties.contentAt;
		this.contentEnd = properties.contentEnd;
		this.userProperties.lend(properties, bytes, text);
	}
}

/**
 * A UTF-8 Encoded String, or undefined when it is none (MQTT 5 §1.5.4). As many characters as bytes means plain ASCII;
 * only else is it worth looking at every byte, for what the engine's own decoder lets pass.
 */
function decodeText(text: Text, bytes: Uint8Array, at: number, end: number): string | undefined {
	try {
		const decoded = text.decode(bytes, at, end);
		const plain = decoded.length === end - at && !decoded.includes("\0");
		return plain || isMqttUtf8(bytes, at, end) ? decoded : undefined;
	} catch {
		return undefined;
	}
}
