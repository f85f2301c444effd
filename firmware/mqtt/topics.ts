/*
 * Topic names and filters (MQTT 5 §4.7). Native string searches only: on XS a string is UTF-8 and reaching its n-th
 * character walks over all before it.
 */

/** How the filter of a shared subscription begins (MQTT 5 §4.8.2). */
export const SHARED = "$share/";

/** Whether a message may be published to `topic`: not empty, no wildcard, text that can be sent (§4.7.1, §4.7.3). */
export function isTopicName(topic: string): boolean {
	return topic.length > 0 && !topic.includes("+") && !topic.includes("#") && isSendable(topic);
}

/**
 * Whether `filter` may be subscribed to: not empty, text that can be sent, a wildcard only as a whole level, "#" only as
 * the last; a shared subscription names its group and a filter (§4.7.1, §4.8.2).
 */
export function isTopicFilter(filter: string): boolean {
	if (!isSendable(filter)) return false;
	if (!filter.startsWith(SHARED)) return isPlainFilter(filter);
	const group = SHARED.length;
	const end = filter.indexOf("/", group);
	return end > group && isTopicName(filter.substring(group, end)) && isPlainFilter(filter.substring(end + 1));
}

/**
 * No U+0000 [MQTT-1.5.4-2], no half of a surrogate pair [MQTT-1.5.4-1]. The engine looks for those, natively; one that is
 * too old for it makes no such text out of what a server or a file says, either.
 */
function isSendable(text: string & { isWellFormed?(): boolean }): boolean {
	return !text.includes("\0") && text.isWellFormed?.() !== false;
}

function isPlainFilter(filter: string): boolean {
	if (filter.length === 0) return false;
	const hash = filter.indexOf("#");
	if (hash >= 0 && (hash !== filter.length - 1 || (hash > 0 && !filter.endsWith("/#")))) return false;
	for (let plus = filter.indexOf("+"); plus >= 0; plus = filter.indexOf("+", plus + 1)) {
		if (plus > 0 && filter.substring(plus - 1, plus) !== "/") return false;
		if (plus < filter.length - 1 && filter.substring(plus + 1, plus + 2) !== "/") return false;
	}
	return true;
}

/**
 * Whether a message to `topic` goes to a subscription of `filter`; both must be valid. Of a shared subscription the
 * filter counts. A wildcard at the start does not match a topic that begins with "$" [MQTT-4.7.2-1].
 */
export function topicMatches(filter: string, topic: string): boolean {
	const plain = filter.startsWith(SHARED) ? filter.substring(filter.indexOf("/", SHARED.length) + 1) : filter;
	if (topic.startsWith("$") && (plain.startsWith("+") || plain.startsWith("#"))) return false;
	return levelsMatch(plain, topic);
}

function levelsMatch(filter: string, topic: string): boolean {
	let filterAt = 0;
	let topicAt = 0;
	for (;;) {
		const filterEnd = levelEnd(filter, filterAt);
		const topicEnd = levelEnd(topic, topicAt);
		const level = filter.substring(filterAt, filterEnd);
		if (level === "#") return true;
		if (level !== "+" && level !== topic.substring(topicAt, topicEnd)) return false;
		const filterDone = filterEnd === filter.length;
		if (topicEnd === topic.length) return filterDone || filter.substring(filterEnd) === "/#"; // "#" takes the parent too
		if (filterDone) return false;
		filterAt = filterEnd + 1;
		topicAt = topicEnd + 1;
	}
}

function levelEnd(text: string, at: number): number {
	const slash = text.indexOf("/", at);
	return slash < 0 ? text.length : slash;
}
