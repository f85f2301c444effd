import type { BuildSettings } from "./settings.js";

const NOT_ENCRYPTED =
	"Warning: the connection to the broker is not encrypted; everybody on the way can read and change it.";

/** What the owner should know of these settings, or undefined. */
export function warningOf({ broker, otherBrokers = [] }: BuildSettings): string | undefined {
	return [broker, ...otherBrokers].every(({ roots }) => roots !== undefined) ? undefined : NOT_ENCRYPTED;
}
