const WORDS = new Map([
	["off", "switched off"],
	["network", "joining the network"],
	["address", "waiting for an address in the network"],
	["time", "asking what time it is"],
	["name", "looking up the broker's address"],
	["tcp", "connecting to the broker"],
	["tls", "checking the broker's certificate"],
	["mqtt", "introducing itself to the broker"],
	["online", "online"],
	["waiting", "not connected, trying again soon"],
]);

const OLD = /3\.1\.1 only/;

/** How far the link has come, for people; while it is not up, with what went wrong last. */
export function linkWords(state: string, lastError: string | undefined): string {
	const words = WORDS.get(state) ?? state;
	// Not a failure: a broker that knows only the older MQTT is asked again at once, in that.
	if (state === "name" && lastError !== undefined && OLD.test(lastError)) return `${words} once more: ${lastError}`;
	const tellsWhy = state === "waiting" || state === "network";
	return tellsWhy && lastError !== undefined ? `${words}: ${lastError}` : words;
}
