/** Where a file is on a web server. */
export interface HttpsPlace {
	readonly host: string;
	readonly port: number;
	/** With its slash, and the query if there is one. */
	readonly path: string;
}

/** Of an address, characters. */
export const URL_LENGTH_MAX = 200;

const SCHEME = "https://";
const PORT = 443;
const PORT_MAX = 65_535;

/**
 * Reads an address such as `https://host:8443/greenhouse.bin` (RFC 3986 §3): a name or an IPv4 address, perhaps a port, a
 * path. Undefined for anything else: user names, fragments, other schemes, and what is not plain ASCII without blanks.
 */
export function readHttpsUrl(url: string): HttpsPlace | undefined {
	if (url.length > URL_LENGTH_MAX || !url.startsWith(SCHEME) || !isPlain(url)) return undefined;
	const slash = url.indexOf("/", SCHEME.length);
	if (slash < 0) return undefined;
	const authority = url.substring(SCHEME.length, slash);
	const colon = authority.indexOf(":");
	const host = colon < 0 ? authority : authority.substring(0, colon);
	const port = colon < 0 ? PORT : portOf(authority.substring(colon + 1));
	return port === undefined || !isHost(host) ? undefined : { host, port, path: url.substring(slash) };
}

function portOf(text: string): number | undefined {
	const port = Number(text);
	return port >= 1 && port <= PORT_MAX && String(port) === text ? port : undefined;
}

function isHost(host: string): boolean {
	if (host.length === 0) return false;
	for (const char of host) {
		const isLetter = (char >= "a" && char <= "z") || (char >= "A" && char <= "Z");
		if (!isLetter && !(char >= "0" && char <= "9") && char !== "." && char !== "-") return false;
	}
	return true;
}

/** Letters that stand for themselves in a request: nothing that could end a line, or begin a fragment. */
function isPlain(url: string): boolean {
	for (const char of url) if (char <= " " || char > "~" || char === "#") return false;
	return true;
}
