import type { Text } from "../ports/text.js";
import { NOTHING, type Shape } from "./shape.js";
import { isTopicName } from "./topics.js";
import type { Message } from "./types.js";
import { isMqttUtf8 } from "./utf8.js";

/** The one message object of a session, used again for every PUBLISH that arrives. */
export class Inbound implements Message {
	topic = "";
	payload: Uint8Array = NOTHING;
	qos: 0 | 1 | 2 = 0;
	retain = false;
	duplicate = false;
	responseTopic: string | undefined = undefined;
	correlationData: Uint8Array | undefined = undefined;

	/** Takes a PUBLISH over. Returns what is wrong with its topic or its Response Topic, or undefined. */
	read(shape: Shape, text: Text): string | undefined {
		const topic = decodeText(text, shape.bytes, shape.topicAt, shape.topicEnd);
		if (topic === undefined) return "the topic of a PUBLISH is not UTF-8";
		if (!isTopicName(topic)) return "it sent a PUBLISH to a topic with a wildcard";
		this.topic = topic;
		this.payload = shape.bytes.subarray(shape.bodyAt, shape.end);
		this.qos = ((shape.flags >> 1) & 3) as 0 | 1 | 2;
		this.retain = (shape.flags & 1) !== 0;
		this.duplicate = (shape.flags & 8) !== 0;
		if (shape.correlationEnd > 0)
			this.correlationData = shape.bytes.subarray(shape.correlationAt, shape.correlationEnd);
		if (shape.responseEnd === 0) return undefined;
		this.responseTopic = decodeText(text, shape.bytes, shape.responseAt, shape.responseEnd);
		const valid = this.responseTopic !== undefined && isTopicName(this.responseTopic);
		return valid ? undefined : "the Response Topic of a PUBLISH is not valid"; // [MQTT-3.3.2-14]
	}

	/** Lets go of the bytes, which belong to the platform. */
	release(): void {
		this.payload = NOTHING;
		this.responseTopic = undefined;
		this.correlationData = undefined;
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
