const WORDS = new Map([
	["off", "switched off"],
	["network", "waiting for the network"],
	["time", "asking what time it is"],
	["name", "looking up the broker's address"],
	["connecting", "connecting to the broker"],
	["online", "online"],
	["waiting", "not connected, trying again soon"],
]);

/** How far the link has come, for people; while it is not up, with what went wrong last. */
export function linkWords(state: string, lastError: string | undefined): string {
	const words = WORDS.get(state) ?? state;
	return state === "waiting" && lastError !== undefined ? `${words}: ${lastError}` : words;
}
