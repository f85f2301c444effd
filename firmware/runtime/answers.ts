import { isTopicName } from "../mqtt/topics.js";
import type { Message } from "../mqtt/types.js";
import type { Letter } from "./mailbox.js";

const ADDRESS_BYTES_MAX = 256; // topic and correlation data wait in memory until the answer is sent

/**
 * The answer `payload` for whoever sent `message` and said where to (MQTT 5 §4.10), or undefined when it did not, or may
 * not have it there. `prefix` begins every topic of this device.
 */
export function answerTo(
	{ responseTopic, correlationData }: Message,
	payload: string,
	prefix: string,
): Letter | undefined {
	if (responseTopic === undefined || !mayAnswerTo(responseTopic, prefix)) return undefined;
	if (responseTopic.length + (correlationData?.length ?? 0) > ADDRESS_BYTES_MAX) return undefined;
	return { topic: responseTopic, payload, correlationData: correlationData?.slice() };
}

/**
 * No answer goes where it could be taken for something else: a topic of this device, a command to another one, or a
 * topic of the broker's own.
 */
function mayAnswerTo(topic: string, prefix: string): boolean {
	if (!isTopicName(topic) || topic.startsWith("$") || topic.startsWith(prefix)) return false;
	return !topic.endsWith("/set") && !topic.endsWith("/command");
}
