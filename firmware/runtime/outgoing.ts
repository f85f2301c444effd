import type { PublishExtras } from "../mqtt/types.js";
import type { PublisherNeeds } from "./publisher-needs.js";

const JOSE = "application/jose"; // RFC 7515 §9.2.1, RFC 7516 §12.1

/**
 * Publishes a message, in the device's envelope where it has one for this topic. False when there is no room for it now,
 * or it cannot be put into its envelope: then it waits, and never goes out without.
 */
export function publishOut(
	needs: PublisherNeeds,
	topic: string,
	payload: string | Uint8Array,
	qos: 0 | 1,
	retain: boolean,
	token: number,
	extras?: PublishExtras,
): boolean {
	const { envelope } = needs.device;
	if (envelope === undefined) return needs.outlet.publish(topic, payload, qos, retain, token, extras);
	// An answer may go to a topic of its asker's choice, and is an answer still.
	const below = topic.startsWith(needs.prefix) ? topic.slice(needs.prefix.length) : "result";
	if (!envelope.covers(below)) return needs.outlet.publish(topic, payload, qos, retain, token, extras);
	const wrapped = envelope.wrap(payload, topic, { board: needs.board, keys: needs.options.keys });
	if (wrapped === undefined) return false;
	const correlationData = extras?.correlationData;
	const outer = correlationData === undefined ? { contentType: JOSE } : { contentType: JOSE, correlationData };
	return needs.outlet.publish(topic, wrapped, qos, retain, token, outer);
}
