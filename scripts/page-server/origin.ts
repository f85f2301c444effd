import type { IncomingMessage } from "node:http";

/**
 * True when the request was meant for this page. A strange Host means that a foreign name was made to point at this
 * computer (DNS rebinding); a strange Origin, that another site's script opens our WebSocket, which no browser forbids.
 */
export function isOurs(request: IncomingMessage, port: number): boolean {
	const hosts = ["localhost", "127.0.0.1", "[::1]"].map((name) => (port === 80 ? name : `${name}:${port}`));
	const { host, origin } = request.headers;
	if (host === undefined || !hosts.includes(host)) return false;
	return origin === undefined || origin === `http://${host}`;
}
