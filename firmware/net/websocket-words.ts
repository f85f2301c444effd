import type { Text } from "../ports/text.js";
import { NORMAL, PROTOCOL_ERROR, TOO_BIG, UNSUPPORTED_DATA } from "./websocket-frames.js";

/**
 * Why the server closed, from the payload of its Close frame: a code and a reason in UTF-8, or nothing at all (§5.5.1).
 * Undefined when the payload is not what it may be (§7.4, §8.1).
 */
export function closeWords(text: Text, payload: Uint8Array, count: number): string | undefined {
	if (count === 0) return "it gave no reason";
	if (count === 1) return undefined;
	const code = closeCode(payload);
	const words = codeWords(code);
	if (words === undefined) return undefined;
	try {
		const reason = text.decode(payload, 2, count);
		return reason === "" ? `${words} (${code})` : `${words} (${code}: ${reason})`;
	} catch {
		return undefined;
	}
}

/** The code at the start of a Close frame's payload. */
export function closeCode(payload: Uint8Array): number {
	return ((payload[0] as number) << 8) | (payload[1] as number);
}

/** Status codes of a Close frame (RFC 6455 §7.4.1, §7.4.2, and IANA's registry of them). */
function codeWords(code: number): string | undefined {
	switch (code) {
		case NORMAL:
			return "it has finished";
		case 1001:
			return "it is going away";
		case PROTOCOL_ERROR:
			return "it says that we broke the protocol";
		case UNSUPPORTED_DATA:
			return "it does not take this kind of data";
		case 1007:
			return "it says that we sent malformed data";
		case 1008:
			return "its rules forbid it";
		case TOO_BIG:
			return "a message was too large for it";
		case 1010:
			return "it misses an extension";
		case 1011:
			return "it failed";
		case 1012:
			return "it starts again";
		case 1013:
			return "it is too busy, try later";
		case 1014:
			return "it does not reach the broker behind it";
		default:
			return code >= 3000 && code < 5000 ? "for a reason of its own" : undefined;
	}
}

/** Why a server that answers the handshake with this status (RFC 9110 §15) cannot be used; `path` is what was asked for. */
export function statusWords(status: number, path: string): string {
	const query = path.indexOf("?"); // what follows may be a secret
	const words = wordsOf(status, query < 0 ? path : path.slice(0, query));
	return `WebSocket refused: ${words} (${status})`;
}

function wordsOf(status: number, path: string): string {
	if (status >= 300 && status < 400) return "the server sends us elsewhere, write that address into the settings";
	if (status === 401 || status === 407) return "the server wants to know who asks before it opens the WebSocket";
	if (status === 403) return "the server does not let this device in";
	if (status === 404 || status === 410) return `there is nothing at the path ${path}, most brokers use /mqtt`;
	if (status === 400 || status === 426) return "the server does not take this as the beginning of a WebSocket";
	if (status === 429) return "the server is asked too often";
	if (status >= 500) return "the server, or something in front of it, is out of order";
	if (status === 200) return `there is an ordinary web page at the path ${path}`;
	return "the server gave an answer that opens nothing";
}
